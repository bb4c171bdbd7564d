import { execa } from "execa";

const logLines = 60;

/** Writes the end of each host's mail log and its queue to the run's own output, by whatever way still works. */
export async function showMailLogs(containers: readonly string[]): Promise<void> {
  for (const container of containers) {
    const script = `tail -n ${logLines} /var/log/mail.log; postqueue -p`;
    const { all } = await execa("docker", ["exec", container, "sh", "-c", script], {
      all: true,
      reject: false,
    });
    process.stderr.write(`--- ${container}: the end of mail.log, and the queue\n${all}\n`);
  }
}
