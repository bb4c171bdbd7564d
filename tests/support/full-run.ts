/** Whether all proofs were asked for (`./lab test --full`), those that take minutes or a quiet machine among them. */
export const isFullRun = process.env["MAIL_LAB_FULL_TESTS"] === "1";
