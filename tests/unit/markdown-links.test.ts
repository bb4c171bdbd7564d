import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const notOurs = new Set(["node_modules", ".git", ".lab", "test-results"]);

function markdownFiles(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : markdownFiles(path);
    return entry.name.endsWith(".md") ? [path] : [];
  });
}

/** The text without what is shown as it is typed: a link in there is none. */
function proseOf(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
}

/** The names that headings can be led to by, as GitHub makes them. */
function anchorsOf(file: string): readonly string[] {
  const text = readFileSync(file, "utf8").replace(/^```[\s\S]*?^```$/gm, "");
  return [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\p{Mark} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** What is wrong with a link of a file; undefined where it leads somewhere. */
function faultOf(file: string, target: string): string | undefined {
  const [path = "", anchor] = target.split("#");
  const destination = path === "" ? file : resolve(dirname(file), path);
  if (!existsSync(destination)) return "no such file";
  if (anchor === undefined || anchorsOf(destination).includes(decodeURIComponent(anchor))) return undefined;
  return "no such heading";
}

const links = markdownFiles(root).flatMap((file) =>
  [...proseOf(readFileSync(file, "utf8")).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ file, target })),
);

describe("the documentation", () => {
  it("has no link that leads nowhere", () => {
    const faults = links.flatMap(({ file, target }) => {
      const fault = faultOf(file, target);
      return fault === undefined ? [] : [`${relative(root, file)}: ${target}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  it("is led through by links at all", () => {
    const files = new Set(links.map(({ file }) => relative(root, file)));
    expect(files).toContain("README.md");
    expect(files).toContain(join("docs", "commands.md"));
  });
});
