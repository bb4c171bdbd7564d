import Docker from "dockerode";

/**
 * Whether the engine can limit memory. Where the kernel gives it no memory controller it drops a limit without a
 * word, so a program that sets one never comes to rest, with the official plugin either.
 */
export async function engineLimitsMemory(): Promise<boolean> {
  const facts = (await new Docker().info()) as { MemoryLimit?: boolean };
  if (facts.MemoryLimit === true) return true;
  console.warn("skipped: this engine can't limit memory, and the recorded program does");
  return false;
}
