import { describe, expect, it } from "vitest";
import { explainDialFailure } from "../../../toolchain/docker/dial-failure.ts";

/** Words as OpenSSH 9.2, Docker 28 and sh said them. */
const observed: readonly (readonly [name: string, words: string, code: string, reason: RegExp])[] = [
  [
    "another machine's key",
    "@@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\n@@@@\nHost key verification failed.",
    "LAB_ENGINE_HOST_KEY",
    /another machine answers/,
  ],
  ["a key that nobody looked at", "Host key verification failed.", "LAB_ENGINE_HOST_KEY", /does not know/],
  [
    "a key that the far side does not take",
    "teacher@server: Permission denied (publickey,password).",
    "LAB_ENGINE_SSH_REFUSED",
    /refuses this user/,
  ],
  [
    "a user who may not use Docker there",
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock",
    "LAB_ENGINE_SSH_REFUSED",
    /does not let it use/,
  ],
  [
    "a certificate of somebody else",
    "error during connect: x509: certificate signed by unknown authority",
    "LAB_ENGINE_TLS",
    /certificate/,
  ],
  [
    "a context that there isn't",
    'Failed to initialize: unable to resolve docker endpoint: context "school": context not found',
    "LAB_ENGINE_CONTEXT",
    /no Docker context/,
  ],
  ["a machine without ssh", "ssh: spawn ssh ENOENT", "LAB_ENGINE_NO_ANSWER", /the ssh command is needed/],
  [
    "no docker command here",
    "docker: spawn docker ENOENT",
    "LAB_ENGINE_NO_ANSWER",
    /docker command is needed/,
  ],
  ["a machine without Docker", "sh: 1: docker: not found", "LAB_ENGINE_NO_ANSWER", /no docker command/],
  [
    "a machine whose engine is off",
    "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    "LAB_ENGINE_NO_ANSWER",
    /no Docker engine runs/,
  ],
  [
    "a name that nobody knows",
    "ssh: Could not resolve hostname nowhere: Name or service not known",
    "LAB_ENGINE_NO_ANSWER",
    /Could not resolve hostname nowhere/,
  ],
];

describe("what ssh and the docker command say of an engine that can't be reached", () => {
  it.each(observed)("is explained: %s", (_name, words, code, reason) => {
    const failure = explainDialFailure("ssh://teacher@server:2222", words);
    expect(failure.code).toBe(code);
    expect(failure.reason.en).toMatch(reason);
    expect(failure.reason.ja).not.toBe("");
  });

  it("leads to the command that shows it, where the words are not known", () => {
    expect(explainDialFailure("ssh://teacher@server:2222", "").hint.en).toBe(
      "ssh -p 2222 teacher@server docker version",
    );
    expect(explainDialFailure("school", "").hint.en).toBe("docker --context school version");
  });
});
