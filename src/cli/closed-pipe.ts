/** How a shell shows a program that ended because nobody reads its output any more: 128 and the number of SIGPIPE. */
const closedPipeExit = 141;

/**
 * Ends this process without a word when the reader of its result has gone, as in `./lab status | head -1`. Where
 * only the progress has lost its reader, the work goes on unseen.
 */
export function endWithReader(
  stdout: NodeJS.WriteStream = process.stdout,
  stderr: NodeJS.WriteStream = process.stderr,
): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(closedPipeExit);
  });
  stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}
