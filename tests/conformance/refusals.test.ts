import { createServer, type AddressInfo, type Server } from "node:net";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DockerClients } from "../../toolchain/offline/docker/client.ts";
import { ContainerResource } from "../../toolchain/offline/docker/container/container-resource.ts";
import { NetworkResource } from "../../toolchain/offline/docker/network/network-resource.ts";
import { VolumeResource } from "../../toolchain/offline/docker/volume/volume-resource.ts";
import type { PropertyMap, Resource } from "../../toolchain/offline/provider/resource.ts";
import { freeSubnetPrefix, labelled, removeLabelled } from "./docker-leftovers.ts";
import { create as createResource, operationContext, refusalOf } from "./offline-resource.ts";
import { runName } from "./run-name.ts";
import { importTinyImage } from "./tiny-image.ts";

const RUN = runName("refusals");
const LABEL = `mail-lab.test=${RUN}`;
const SECOND_OCTET = 215;
const labels = [{ label: "mail-lab.test", value: RUN }];

describe("what the offline docker plugin says when Docker refuses", () => {
  const docker = new Docker();
  const clients = new DockerClients();
  const container = new ContainerResource(clients);
  const network = new NetworkResource(clients);
  const volume = new VolumeResource(clients);
  const host: PropertyMap = { image: `${RUN}-base:test`, command: ["/bin/sleep", "infinity"] };
  let prefix = "";
  let listener: Server | undefined;

  const create = (
    resource: Resource,
    name: string,
    news: PropertyMap,
    signal?: AbortSignal,
  ): Promise<unknown> =>
    createResource(resource, name, { labels, ...news }, signal === undefined ? {} : { signal });
  const namesLeft = async (): Promise<readonly string[]> => (await labelled(docker, LABEL)).containers;

  beforeAll(async () => {
    await importTinyImage(docker, `${RUN}-base`, "test");
    prefix = await freeSubnetPrefix(docker, SECOND_OCTET);
    await create(network, `${RUN}-lan`, {
      ipamConfigs: [{ subnet: `${prefix}.0/24`, gateway: `${prefix}.1` }],
    });
    await create(container, `${RUN}-first`, {
      ...host,
      networksAdvanced: [{ name: `${RUN}-lan`, ipv4Address: `${prefix}.12` }],
      ports: [{ internal: 25, ip: "127.0.0.1" }],
    });
  });

  afterAll(async () => {
    listener?.close();
    await removeLabelled(docker, LABEL);
    await docker.getImage(`${RUN}-base:test`).remove({ force: true });
  });

  it("names the container that holds a port, and leaves no half-made container", async () => {
    const live = await docker.getContainer(`${RUN}-first`).inspect();
    const external = Number(live.NetworkSettings.Ports["25/tcp"]?.[0]?.HostPort);
    const ports = [{ internal: 25, external, ip: "127.0.0.1" }];
    const text = await refusalOf(create(container, `${RUN}-second`, { ...host, ports }));
    expect(text).toContain(`container ${RUN}-second can't be started: `);
    expect(text).toContain(`Port ${external} is held by container ${RUN}-first (mail-lab.test=${RUN}).`);
    expect(await namesLeft()).toEqual([`${RUN}-first`]);
  });

  it("says that a port is held outside Docker", async () => {
    const server = createServer();
    listener = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const external = (server.address() as AddressInfo).port;
    const ports = [{ internal: 25, external, ip: "127.0.0.1" }];
    const text = await refusalOf(create(container, `${RUN}-second`, { ...host, ports }));
    expect(text).toContain(`Port ${external} is held by a program outside Docker`);
    expect(await namesLeft()).toEqual([`${RUN}-first`]);
  });

  it("names the container that holds a name", async () => {
    const text = await refusalOf(create(container, `${RUN}-first`, host));
    expect(text).toMatch(/The name belongs to container [0-9a-f]{12} \(/u);
    expect(text).toContain(`(${LABEL})`);
    expect(await namesLeft()).toEqual([`${RUN}-first`]);
  });

  it("names the container that holds an address", async () => {
    const networksAdvanced = [{ name: `${RUN}-lan`, ipv4Address: `${prefix}.12` }];
    const text = await refusalOf(create(container, `${RUN}-second`, { ...host, networksAdvanced }));
    expect(text).toContain(`container ${RUN}-second can't be started: `);
    expect(text).toContain(`${prefix}.12 on network ${RUN}-lan is held by container ${RUN}-first.`);
    expect(await namesLeft()).toEqual([`${RUN}-first`]);
  });

  it("says that a network is gone", async () => {
    const networksAdvanced = [{ name: `${RUN}-nowhere` }];
    const text = await refusalOf(create(container, `${RUN}-second`, { ...host, networksAdvanced }));
    expect(text).toContain(`There is no network ${RUN}-nowhere any more.`);
    expect(await namesLeft()).toEqual([`${RUN}-first`]);
  });

  it("names the network that holds a subnet", async () => {
    const ipamConfigs = [{ subnet: `${prefix}.128/25`, gateway: `${prefix}.129` }];
    const text = await refusalOf(create(network, `${RUN}-other`, { ipamConfigs }));
    expect(text).toContain(`network ${RUN}-other can't be created: `);
    expect(text).toContain(
      `The subnet ${prefix}.128/25 is held by network ${RUN}-lan (mail-lab.test=${RUN}).`,
    );
  });

  it("makes no second network of one name", async () => {
    const text = await refusalOf(create(network, `${RUN}-lan`, {}));
    expect(text).toContain(`The name belongs to network ${RUN}-lan`);
  });

  it("takes no volume over that somebody else made", async () => {
    await docker.createVolume({
      Name: `${RUN}-spool`,
      Labels: { "mail-lab.test": RUN, "mail-lab.owner": "somebody" },
    });
    const text = await refusalOf(create(volume, `${RUN}-spool`, {}));
    expect(text).toContain("one of that name exists, with mail-lab.owner=somebody");
  });

  it("says that an image is not there and can't be pulled", async () => {
    const image = `127.0.0.1:9/${RUN}/none:test`;
    const text = await refusalOf(create(container, `${RUN}-second`, { ...host, image }));
    expect(text).toContain(`image ${image} is not on the engine and can't be pulled: `);
  });

  it("shows the last lines of a container that ends before it is healthy", async () => {
    const text = await refusalOf(
      create(container, `${RUN}-second`, {
        ...host,
        command: ["/bin/sh", "-c", "echo no mail today; exit 3"],
        healthcheck: { tests: ["CMD", "/bin/true"], interval: "1s" },
        wait: true,
      }),
    );
    expect(text).toContain(`container ${RUN}-second ended with exit code 3 before it was healthy`);
    expect(text).toContain("no mail today");
    expect(await namesLeft()).toEqual([`${RUN}-first`]);
  });

  it("shows the last check of a container that is not healthy in time", async () => {
    const text = await refusalOf(
      create(container, `${RUN}-second`, {
        ...host,
        healthcheck: { tests: ["CMD-SHELL", "echo port 25 is closed; exit 1"], interval: "1s" },
        wait: true,
        waitTimeout: 2,
      }),
    );
    expect(text).toContain("is not healthy after 2 s");
    expect(text).toContain("its last check said: port 25 is closed");
    expect(await namesLeft()).toEqual([`${RUN}-first`]);
  });

  it("leaves no half-made container when it is cancelled", async () => {
    const controller = new AbortController();
    const attempt = create(
      container,
      `${RUN}-second`,
      { ...host, healthcheck: { tests: ["CMD", "/bin/false"], interval: "30s" }, wait: true },
      controller.signal,
    );
    await expect.poll(namesLeft, { timeout: 60_000 }).toContain(`${RUN}-second`);
    controller.abort(new Error("cancelled"));
    expect(await refusalOf(attempt)).toContain("cancelled");
    expect(await namesLeft()).toEqual([`${RUN}-first`]);
  });

  it("says that no Docker answers, and what to look at", async () => {
    const config = { host: "unix:///nowhere/docker.sock" };
    const request = { id: "x", state: {}, inputs: {} };
    const text = await refusalOf(container.read(request, operationContext("x", { config })));
    expect(text).toContain("Docker does not answer: connect ENOENT /nowhere/docker.sock");
    expect(text).toContain("See that the Docker engine runs");
  });
});
