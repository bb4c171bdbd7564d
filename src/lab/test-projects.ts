/** The kinds of proof, in the order in which they run: the quick ones first. */
export const testProjects = [
  "unit",
  "conformance",
  "image",
  "lab",
  "console",
  "desk",
  "sabotage",
  "walk",
  "cli",
] as const;

/** One kind of proof. */
export type TestProject = (typeof testProjects)[number];
