import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DockerClients } from "../../toolchain/offline/docker/client.ts";
import { RemoteImageResource } from "../../toolchain/offline/docker/image/remote-image-resource.ts";
import { asText } from "../../toolchain/offline/docker/table/values.ts";
import type { PropertyMap } from "../../toolchain/offline/provider/resource.ts";
import { create, operationContext, refusalOf } from "./offline-resource.ts";
import { runName } from "./run-name.ts";
import { importTinyImage } from "./tiny-image.ts";

const RUN = runName("images");
const BASE = `${RUN}-base:test`;
const NAME = `${RUN}/built:test`;
const ALSO = `${RUN}/built:also`;
const LABEL = `mail-lab.test=${RUN}`;
const dockerfile = `FROM ${BASE}
ARG WHO=nobody
COPY . /ctx
RUN echo made for $WHO; test ! -e /ctx/left-out
CMD ["/bin/sleep", "infinity"]
`;

describe("an image that the offline docker plugin builds", () => {
  const docker = new Docker();
  const image = new RemoteImageResource(new DockerClients());
  let context = "";

  const build = (who: string, more: PropertyMap = {}, lines: string[] = []) =>
    create(
      image,
      NAME,
      {
        build: {
          context,
          buildArgs: { WHO: who },
          labels: { "mail-lab.test": RUN },
          tags: [ALSO],
        },
        ...more,
      },
      { lines },
    );
  const remove = (state: PropertyMap): Promise<void> =>
    image.delete({ id: "", state }, operationContext(NAME));
  const idOf = async (name: string): Promise<string | undefined> =>
    docker
      .getImage(name)
      .inspect()
      .then(
        (live) => live.Id,
        () => undefined,
      );

  beforeAll(async () => {
    await importTinyImage(docker, `${RUN}-base`, "test");
    context = await mkdtemp(join(tmpdir(), "conf-images-"));
    await writeFile(join(context, "Dockerfile"), dockerfile);
    await writeFile(join(context, ".dockerignore"), "left-out\n");
    await writeFile(join(context, "left-out"), "");
  });

  afterAll(async () => {
    const built = await docker.listImages({ filters: { label: [LABEL] } });
    for (const { Id: id } of built) await docker.getImage(id).remove({ force: true });
    await docker.getImage(BASE).remove({ force: true });
    await rm(context, { recursive: true, force: true });
  });

  it("shows every line of the build, and is the same image when nothing changed", async () => {
    const lines: string[] = [];
    const first = await build("one", {}, lines);
    expect(lines).toContain("Step 4/6 : RUN echo made for $WHO; test ! -e /ctx/left-out");
    expect(lines).toContain("made for one");
    expect(first.state["imageId"]).toBe(await idOf(NAME));
    expect(await idOf(ALSO)).toBe(await idOf(NAME));
    expect(first.id).toBe(`${String(await idOf(NAME))}${NAME}`);
    expect((await build("one")).id).toBe(first.id);
  });

  it("keeps its name when the image that it replaces is removed", async () => {
    await docker.getImage(ALSO).remove();
    const old = await build("one");
    const next = await build("two");
    await docker.getImage(ALSO).remove();
    await remove(old.state);
    expect(await idOf(asText(old.state["imageId"]))).toBeUndefined();
    expect(await idOf(NAME)).toBe(next.state["imageId"]);
  });

  it("is found gone, or another one, by a look at it", async () => {
    const { id, state } = await build("two");
    const look = () => image.read({ id, state, inputs: {} }, operationContext(NAME));
    expect(await look()).toMatchObject({ id, state });
    await build("three");
    expect((await look())?.state["imageId"]).not.toBe(state["imageId"]);
    await docker.getImage(NAME).remove({ force: true });
    expect(await look()).toBeUndefined();
  });

  it("stays when it is to be kept", async () => {
    const { state } = await build("two", { keepLocally: true });
    await remove(state);
    expect(await idOf(NAME)).toBe(state["imageId"]);
  });

  it("is not removed while a container uses it, which is named", async () => {
    const { state } = await build("two");
    await docker.getImage(ALSO).remove();
    const container = await docker.createContainer({ name: `${RUN}-user`, Image: NAME });
    await container.start();
    expect(await refusalOf(remove(state))).toContain(`It is used by ${RUN}-user.`);
    await container.remove({ force: true });
    await remove(state);
    expect(await idOf(NAME)).toBeUndefined();
  });

  it("shows the last lines of a build that fails", async () => {
    await writeFile(join(context, "Dockerfile"), `FROM ${BASE}\nRUN echo ${RUN} is all wrong; exit 4\n`);
    const text = await refusalOf(build("two"));
    expect(text).toContain(`image ${NAME} can't be built from `);
    expect(text).toContain("returned a non-zero code: 4");
    expect(text).toContain(`\n  ${RUN} is all wrong`);
    const containers = await docker.listContainers({ all: true });
    expect(containers.filter((container) => container.Command.includes(RUN))).toEqual([]);
  });
});
