import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hasImage, listContainers, listNetworks, startContainer } from "../../../src/engine/lab-objects.ts";

/** Path without the API's version to what an engine answers; anything else is 404. */
let answers: Record<string, unknown>;
let folder: string;
let engine: string;
const server = createServer((request, response) => {
  const path = (request.url ?? "").replace(/^\/v[\d.]+/, "").split("?")[0] ?? "";
  response.writeHead(path in answers ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(answers[path] ?? { message: "no such thing" }));
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mail-lab-engine-"));
  engine = `unix://${join(folder, "docker.sock")}`;
  await new Promise<void>((resolve) => server.listen(join(folder, "docker.sock"), resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

describe("what an engine holds", () => {
  it("is read also where containers and networks have no labels at all", async () => {
    answers = {
      "/containers/json": [{ Id: "c1", Names: ["/other"], State: "running", Created: 1, Labels: null }],
      "/networks": [{ Id: "n1", Name: "host", Labels: null, IPAM: { Config: null } }],
    };
    expect(await listContainers(engine)).toEqual([
      { id: "c1", name: "other", state: "running", createdMs: 1000, labels: {} },
    ]);
    expect(await listNetworks(engine)).toEqual([{ id: "n1", name: "host", subnets: [], labels: {} }]);
  });

  it("has an image, or has not, which is no error", async () => {
    answers = { "/images/there:1/json": { Id: "sha256:1" } };
    expect(await hasImage(engine, "there:1")).toBe(true);
    expect(await hasImage(engine, "gone:1")).toBe(false);
  });
});

describe("an engine that refuses", () => {
  it("is quoted, and is no bug", async () => {
    answers = {};
    await expect(startContainer(engine, "c1")).rejects.toMatchObject({
      code: "LAB_ENGINE_REFUSED",
      message: "The Docker engine refused: no such thing",
    });
  });
});

describe("an engine that does not answer", () => {
  it("is named, with exit code 4", async () => {
    await expect(listContainers(`unix://${folder}/nobody.sock`)).rejects.toMatchObject({
      code: "LAB_ENGINE_NO_ANSWER",
      exit: 4,
      message: `The Docker engine at unix://${folder}/nobody.sock does not answer.`,
    });
  });
});
