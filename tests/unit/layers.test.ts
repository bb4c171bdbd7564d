import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** Folder to the folders of this project that it may import from; ARCHITECTURE.md says why. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  infra: ["infra", "images", "src/model", "src/course", "src/images"],
  "src/model": ["src/model"],
  "src/course": ["src/course", "src/model"],
  "src/images": ["src/images", "src/model"],
  "src/engine": ["src/engine", "src/model", "toolchain"],
  "src/protocols": ["src/protocols", "src/model"],
  "src/checks": ["src/checks", "src/model", "src/course", "src/protocols"],
  // It runs the program in its own process.
  "src/lab": [
    "src/lab",
    "infra",
    "src/checks",
    "src/model",
    "src/course",
    "src/images",
    "src/engine",
    "src/protocols",
    "toolchain",
  ],
  "src/seats": [
    "src/seats",
    "src/lab",
    "src/checks",
    "src/model",
    "src/course",
    "src/engine",
    "src/protocols",
    "toolchain",
  ],
  "src/cli": ["src/cli", "src/console", "src/seats", "src/lab", "src/checks", "src/model", "toolchain"],
  "src/console": ["src/console", "src/seats", "src/lab", "src/checks", "src/model"],
  toolchain: ["toolchain"],
};

/** Package to the only folders that may import it. */
const packages: Readonly<Record<string, readonly string[]>> = {
  dockerode: ["src/engine", "toolchain"],
  ssh2: ["src/protocols", "toolchain"],
  "@xterm/headless": ["src/protocols"],
  nodemailer: ["src/protocols"],
  imapflow: ["src/protocols"],
  "@pulumi/docker": ["infra"],
  "@pulumi/command": ["infra"],
  "@pulumi/pulumi": ["infra", "src/lab", "toolchain"],
  commander: ["src/cli"],
  "@commander-js/extra-typings": ["src/cli"],
  "log-update": ["src/cli"],
  mailparser: ["src/protocols"],
  hono: ["src/console"],
  "@hono/node-server": ["src/console"],
  ws: ["src/console"],
};

interface Import {
  readonly from: string;
  readonly file: string;
  readonly specifier: string;
}

function folderOf(path: string): string | undefined {
  return Object.keys(allowed).find((folder) => path === folder || path.startsWith(`${folder}/`));
}

/** A static import or export, over several lines too, or a dynamic one. */
const importPattern = /^(?:import|export)\b[^;"]*\bfrom\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;

const imports: readonly Import[] = Object.keys(allowed).flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name))
    .filter((file) => folderOf(file) === folder)
    .flatMap((file) =>
      [...readFileSync(join(root, file), "utf8").matchAll(importPattern)].map(([, fixed, dynamic]) => ({
        from: folder,
        file,
        specifier: fixed ?? dynamic ?? "",
      })),
    ),
);

describe("the layers", () => {
  it("are looked at at all", () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(new Set(imports.map(({ from }) => from))).toEqual(new Set(Object.keys(allowed)));
  });

  it("import from each other only along the arrows of the picture", () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith("."))
      .map(({ from, file, specifier }) => ({
        from,
        arrow: `${file} → ${relative(root, join(root, dirname(file), specifier))}`,
      }))
      .filter(({ from, arrow }) => {
        const target = arrow.split(" → ")[1] ?? "";
        return !(allowed[from] ?? []).some((folder) => target.startsWith(`${folder}/`));
      });
    expect(wrong.map(({ arrow }) => arrow)).toEqual([]);
  });

  it("have a lint rule each, which says so while one writes", () => {
    const rules = readFileSync(join(root, "eslint.config.ts"), "utf8");
    expect(Object.keys(allowed).filter((folder) => !rules.includes(`"${folder}/**/*.ts"`))).toEqual([]);
  });

  it("leave each package to the folders that are there for it", () => {
    const wrong = imports.filter(({ from, specifier }) => {
      const name = Object.keys(packages).find(
        (known) => specifier === known || specifier.startsWith(`${known}/`),
      );
      const isVersionOnly = specifier.endsWith("/package.json");
      return name !== undefined && !isVersionOnly && !(packages[name] ?? []).includes(from);
    });
    expect(wrong.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([]);
  });

  it("keep the model and the course free of files, network and processes", () => {
    const forbidden = /^node:(fs|net|http|https|child_process|dns)/;
    const wrong = imports.filter(
      ({ from, specifier }) => ["src/model", "src/course"].includes(from) && forbidden.test(specifier),
    );
    expect(wrong.map(({ file, specifier }) => `${file} → ${specifier}`)).toEqual([]);
  });
});
