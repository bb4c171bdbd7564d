import { defineConfig } from "vitest/config";

/** For what builds containers: an interrupted run takes them down. */
const endInOrder = {
  globalSetup: ["tests/support/end-in-order.ts"],
  setupFiles: ["tests/support/outlive-interrupt.ts"],
};

/** Each project is one kind of proof, with what it needs; see CONTRIBUTING.md. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["tests/unit/**/*.test.ts"],
          // A worker of its own for each of sixty small files costs more than all the tests.
          isolate: false,
          // The default of 5 s is less than a busy machine can be held up by its disk.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...endInOrder,
          name: "conformance",
          include: ["tests/conformance/**/*.test.ts"],
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        test: {
          ...endInOrder,
          name: "image",
          include: ["tests/image/**/*.test.ts"],
          testTimeout: 240_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...endInOrder,
          name: "lab",
          include: ["tests/lab/**/*.test.ts"],
          globalSetup: [...endInOrder.globalSetup, "tests/lab/global-setup.ts"],
          testTimeout: 900_000,
          hookTimeout: 600_000,
          // The files share the lab's two mailboxes, and a mailbox has one reader at a time.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...endInOrder,
          name: "console",
          include: ["tests/console/**/*.test.ts"],
          globalSetup: [...endInOrder.globalSetup, "tests/lab/global-setup.ts"],
          testTimeout: 240_000,
          hookTimeout: 600_000,
          // The files send mails in one lab, and one of them restarts a host.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...endInOrder,
          name: "desk",
          include: ["tests/desk/**/*.test.ts"],
          testTimeout: 900_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...endInOrder,
          name: "sabotage",
          include: ["tests/sabotage/**/*.test.ts"],
          globalSetup: [...endInOrder.globalSetup, "tests/lab/global-setup.ts"],
          testTimeout: 240_000,
          hookTimeout: 600_000,
          // Each file breaks the same lab.
          fileParallelism: false,
        },
      },
      {
        test: {
          ...endInOrder,
          name: "walk",
          include: ["tests/walk/**/*.test.ts"],
          testTimeout: 240_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...endInOrder,
          name: "cli",
          include: ["tests/cli/**/*.test.ts"],
          testTimeout: 900_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
