/** Labels that every container, network and volume of a lab carries. */
export const labelNames = {
  stack: "mail-lab.stack",
  node: "mail-lab.node",
  owner: "mail-lab.owner",
  image: "mail-lab.image",
  /** The name that a saved lab was given, and the save's own number, which no other save has. */
  save: "mail-lab.save",
  saveId: "mail-lab.save-id",
} as const;

/** The labels of an object of the stack; `node` where it is a node of the lab. */
export function labelsOf(stack: string, owner: string, node?: string): Record<string, string> {
  return {
    [labelNames.stack]: stack,
    [labelNames.owner]: owner,
    ...(node === undefined ? {} : { [labelNames.node]: node }),
  };
}
