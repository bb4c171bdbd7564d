import eslint from "@eslint/js";
import { type Config, defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * What a folder may not import: ARCHITECTURE.md says why. Here it shows while one writes;
 * tests/unit/layers.test.ts has what a folder may import, and lets nothing else pass.
 */
const layers: readonly { files: string[]; forbidden: string[]; because: string }[] = [
  {
    files: ["src/model/**/*.ts", "src/course/**/*.ts"],
    forbidden: [
      "@pulumi/*",
      "dockerode",
      "ssh2",
      "execa",
      "node:net",
      "node:http",
      "node:child_process",
      "node:fs",
      "node:fs/*",
      "**/images/*",
      "**/engine/*",
      "**/protocols/*",
      "**/checks/*",
      "**/lab/*",
      "**/seats/*",
      "**/cli/*",
      "**/toolchain/*",
    ],
    because: "the model and the course are pure",
  },
  {
    files: ["src/images/**/*.ts"],
    forbidden: [
      "@pulumi/*",
      "dockerode",
      "ssh2",
      "execa",
      "node:net",
      "node:http",
      "node:child_process",
      "**/course/*",
      "**/engine/*",
      "**/protocols/*",
      "**/checks/*",
      "**/lab/*",
      "**/seats/*",
      "**/cli/*",
      "**/toolchain/*",
    ],
    because: "the images folder says what an image is made from and does not build it",
  },
  {
    files: ["infra/**/*.ts"],
    forbidden: [
      "dockerode",
      "ssh2",
      "execa",
      "node:net",
      "node:http",
      "node:child_process",
      "**/engine/*",
      "**/protocols/*",
      "**/checks/*",
      "**/lab/*",
      "**/seats/*",
      "**/cli/*",
      "**/toolchain/*",
    ],
    because: "the program declares resources; it does no I/O and no waiting",
  },
  {
    files: ["src/engine/**/*.ts"],
    forbidden: [
      "@pulumi/*",
      "nodemailer",
      "imapflow",
      "**/protocols/*",
      "**/checks/*",
      "**/lab/*",
      "**/seats/*",
      "**/cli/*",
    ],
    because: "the engine folder knows Docker and nothing of mail",
  },
  {
    files: ["src/protocols/**/*.ts"],
    forbidden: [
      "@pulumi/*",
      "dockerode",
      "**/engine/*",
      "**/course/*",
      "**/checks/*",
      "**/lab/*",
      "**/seats/*",
      "**/cli/*",
    ],
    because: "a protocol client does not know which hosts exist",
  },
  {
    files: ["src/checks/**/*.ts"],
    forbidden: ["@pulumi/*", "commander", "listr2", "**/lab/*", "**/seats/*", "**/cli/*", "**/console/*"],
    because: "a check returns a result and shows nothing",
  },
  {
    files: ["src/seats/**/*.ts"],
    forbidden: [
      "@pulumi/*",
      "commander",
      "@commander-js/*",
      "cli-table3",
      "log-update",
      "dockerode",
      "ssh2",
      "**/cli/*",
      "**/console/*",
    ],
    because: "a use case over a class works one lab at a time by src/lab, and does not render",
  },
  {
    files: ["src/lab/**/*.ts"],
    forbidden: [
      "commander",
      "@commander-js/*",
      "listr2",
      "cli-table3",
      "dockerode",
      "**/seats/*",
      "**/cli/*",
      "**/console/*",
    ],
    because: "a use case does not render",
  },
  {
    files: ["src/cli/**/*.ts"],
    forbidden: ["@pulumi/*", "dockerode", "nodemailer", "imapflow", "**/engine/*"],
    because: "the command line parses, calls a use case and shows",
  },
  {
    files: ["src/console/**/*.ts"],
    forbidden: [
      "@pulumi/*",
      "commander",
      "@commander-js/*",
      "dockerode",
      "ssh2",
      "nodemailer",
      "imapflow",
      "mailparser",
      "**/engine/*",
      "**/protocols/*",
      "**/cli/*",
    ],
    because: "the console asks use cases and shows what they say in a page",
  },
  {
    files: ["toolchain/**/*.ts"],
    forbidden: [
      "**/src/model/*",
      "**/src/course/*",
      "**/src/images/*",
      "**/src/engine/*",
      "**/src/protocols/*",
      "**/src/checks/*",
      "**/src/lab/*",
      "**/src/seats/*",
      "**/src/cli/*",
      "**/infra/*",
    ],
    because: "the toolchain brings parts and does not know the lab",
  },
];

export default defineConfig(
  { ignores: ["node_modules", ".lab", "tests/conformance/golden", "images", "**/*.cjs"] },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true } } },
  {
    rules: {
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
    },
  },
  {
    files: ["src/**/*.ts", "infra/**/*.ts", "toolchain/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "VariableDeclaration[kind=/using/]", message: "Node.js 22 does not know `using`." },
      ],
    },
  },
  ...layers.map(({ files, forbidden, because }): Config => ({
    files,
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [{ group: forbidden, message: `Layer rule: ${because}.` }] },
      ],
    },
  })),
);
