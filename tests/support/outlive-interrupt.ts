// A terminal sends Ctrl-C to the processes that run the tests, too: they have to live to take down what they built,
// and end when vitest, which follows the interrupt in end-in-order.ts, tells them to.
process.on("SIGINT", () => undefined);
