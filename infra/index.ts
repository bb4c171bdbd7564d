import { labProgram } from "./program.ts";

/** What Pulumi's engine runs: the stack's outputs, which are not the same in each lab. */
export default labProgram();
