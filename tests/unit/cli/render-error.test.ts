import { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { errorAsJson, renderError } from "../../../src/cli/render-error.ts";
import { speakerOf } from "../../../src/cli/language.ts";
import { LabError, exitCode } from "../../../src/model/lab-error.ts";
import { ToolchainError } from "../../../toolchain/toolchain-error.ts";

function rendered(error: unknown, language: "ja" | "en"): { words: string; exit: number } {
  let words = "";
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      words += chunk.toString();
      done();
    },
  });
  const exit = renderError(error, speakerOf(language), stream as unknown as NodeJS.WriteStream);
  return { words, exit };
}

const error = new LabError(
  "LAB_NO_ANSWER",
  { en: "Nobody answers.", ja: "応答がありません。" },
  {
    hint: { en: "./lab up", ja: "./lab up をどうぞ" },
    details: ["tried 3 times"],
    exit: exitCode.unreachable,
  },
);

describe("an error that the user can do something about", () => {
  it("is a sentence with its code, what was observed, and the next step", () => {
    expect(rendered(error, "en")).toEqual({
      words: "✖ Nobody answers. [LAB_NO_ANSWER]\n  tried 3 times\n  Next: ./lab up\n",
      exit: 4,
    });
  });

  it("speaks the reader's language", () => {
    expect(rendered(error, "ja").words).toBe(
      "✖ 応答がありません。 [LAB_NO_ANSWER]\n  tried 3 times\n  次の一手: ./lab up をどうぞ\n",
    );
  });

  it("is one object for a program", () => {
    expect(errorAsJson(error)).toEqual({
      error: {
        code: "LAB_NO_ANSWER",
        message: "Nobody answers.",
        hint: "./lab up",
        details: ["tried 3 times"],
      },
    });
  });
});

describe("a part of the machine that is missing", () => {
  const missing = new ToolchainError(
    "LAB_NO_DOCKER",
    { en: "No Docker engine answers.", ja: "Dockerエンジンが応答しません。" },
    {
      exit: 4,
      hint: { en: "Start Docker Desktop", ja: "Docker Desktopを起動してください" },
      details: ["no socket there"],
    },
  );

  it("is shown as an error of the lab, and ends with its own exit code", () => {
    expect(rendered(missing, "en")).toEqual({
      words: "✖ No Docker engine answers. [LAB_NO_DOCKER]\n  no socket there\n  Next: Start Docker Desktop\n",
      exit: 4,
    });
  });

  it("speaks the reader's language", () => {
    expect(rendered(missing, "ja").words).toBe(
      "✖ Dockerエンジンが応答しません。 [LAB_NO_DOCKER]\n  no socket there\n  次の一手: Docker Desktopを起動してください\n",
    );
  });

  it("is one object for a program, in English", () => {
    expect(errorAsJson(missing)).toEqual({
      error: {
        code: "LAB_NO_DOCKER",
        message: "No Docker engine answers.",
        hint: "Start Docker Desktop",
        details: ["no socket there"],
      },
    });
  });

  it("ends with 5 where it says nothing else, and shows no next step where it knows none", () => {
    const broken = new ToolchainError("LAB_TOOL_FAILED", { en: "tar failed.", ja: "tar が失敗しました。" });
    expect(rendered(broken, "en")).toEqual({ words: "✖ tar failed. [LAB_TOOL_FAILED]\n", exit: 5 });
  });
});

describe("an interrupt", () => {
  it("is said as what the signal was aborted with, also where Node.js wraps that", async () => {
    const interrupted = new LabError("LAB_INTERRUPTED", { en: "Interrupted.", ja: "中断しました。" });
    const signal = AbortSignal.abort(interrupted);
    const thrown: unknown = await delay(1, undefined, { signal }).catch((reason: unknown) => reason);
    expect(thrown).not.toBe(interrupted);
    expect(rendered(thrown, "ja")).toEqual({ words: "✖ 中断しました。 [LAB_INTERRUPTED]\n", exit: 5 });
    expect(errorAsJson(thrown)).toMatchObject({ error: { code: "LAB_INTERRUPTED" } });
  });
});

describe("anything else that is thrown", () => {
  it("is a bug: shown with its stack, exit 70", () => {
    const { words, exit } = rendered(new TypeError("x is not a function"), "en");
    expect(exit).toBe(70);
    expect(words).toContain("x is not a function");
    expect(words).toContain("render-error.test.ts");
    expect(words).toContain("bug of mail-lab");
  });

  it("is a bug also when it carries a code of its own", () => {
    const { exit } = rendered(Object.assign(new Error("no such file"), { code: "ENOENT" }), "en");
    expect(exit).toBe(70);
  });
});
