import type { EngineProject } from "./engine-project.ts";

/** Runs `work` on every item, each project serving one at a time; the answers by item. */
export async function shareOut<Answer>(
  projects: readonly EngineProject[],
  items: readonly string[],
  work: (project: EngineProject, item: string) => Promise<Answer>,
): Promise<ReadonlyMap<string, Answer>> {
  const waiting = items.values();
  const answers = new Map<string, Answer>();
  await Promise.all(
    projects.map(async (project) => {
      for (const item of waiting) answers.set(item, await work(project, item));
    }),
  );
  return answers;
}
