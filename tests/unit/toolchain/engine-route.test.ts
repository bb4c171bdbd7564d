import { describe, expect, it } from "vitest";
import { clientEnvironment, engineRoute, isElsewhere } from "../../../toolchain/docker/engine-route.ts";

describe("the way to an engine", () => {
  it("is a socket, or an address in the clear", () => {
    expect(engineRoute("", {})).toEqual({ kind: "socket", path: "/var/run/docker.sock" });
    expect(engineRoute("unix:///run/user/1000/docker.sock", {})).toEqual({
      kind: "socket",
      path: "/run/user/1000/docker.sock",
    });
    expect(engineRoute("tcp://192.0.2.1", {})).toEqual({ kind: "tcp", host: "192.0.2.1", port: 2375 });
    expect(engineRoute("tcp://[2001:db8::1]:99", {})).toEqual({ kind: "tcp", host: "2001:db8::1", port: 99 });
  });

  it("is the system's ssh, with the user, port and socket of the address", () => {
    expect(engineRoute("ssh://teacher@server:2222", {})).toEqual({
      kind: "ssh",
      target: ["-l", "teacher", "-p", "2222", "--", "server"],
      socket: undefined,
    });
    expect(engineRoute("ssh://server/run/user/1000/docker.sock", {})).toMatchObject({
      target: ["--", "server"],
      socket: "/run/user/1000/docker.sock",
    });
  });

  it("is the docker command where it takes certificates: TLS, its port, and contexts by name", () => {
    expect(engineRoute("tcp://192.0.2.1:2377", { DOCKER_TLS_VERIFY: "1" })).toMatchObject({ kind: "client" });
    expect(engineRoute("tcp://192.0.2.1:2376", {})).toMatchObject({ kind: "client" });
    expect(engineRoute("school", {})).toEqual({
      kind: "client",
      environment: { DOCKER_HOST: "", DOCKER_CONTEXT: "school" },
    });
  });

  it.each([
    ["a password in the address", "ssh://teacher:secret@server"],
    ["a host that ssh would read as an option", "ssh://-oProxyCommand=x"],
    ["a user that ssh would read as an option", "ssh://-l@server"],
    ["a socket without a path", "unix://"],
    ["another protocol", "ftp://server"],
    ["words", "the classroom"],
  ])("is none for %s", (_name, engine) => {
    expect(engineRoute(engine, {})).toBeUndefined();
  });

  it("leads elsewhere by ssh, by a context, and by an address that is not the loopback's", () => {
    for (const engine of ["ssh://127.0.0.1:2222", "school", "tcp://192.0.2.1:2376"]) {
      expect(isElsewhere(engine, {}), engine).toBe(true);
    }
    for (const engine of ["", "unix:///x.sock", "tcp://127.0.0.1:2375", "tcp://localhost:2376"]) {
      expect(isElsewhere(engine, {}), engine).toBe(false);
    }
  });

  it("is told to the docker command by one variable, and a context is not overruled by the shell's address", () => {
    expect(clientEnvironment("ssh://server")).toEqual({ DOCKER_HOST: "ssh://server" });
    expect(clientEnvironment("school")).toEqual({ DOCKER_HOST: "", DOCKER_CONTEXT: "school" });
    expect(clientEnvironment("")).toEqual({});
  });
});
