import { labProgram } from "./program.ts";

/** What Pulumi's engine runs, and the stack's outputs. */
export const {
  hosts,
  dns,
  desk,
  deskPassword,
  stage,
  stages,
  start,
  starts,
  network,
  machine,
  owner,
  passwords,
  sshKey,
} = labProgram();
