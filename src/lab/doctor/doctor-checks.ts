import type { DoctorCheck } from "./doctor-check.ts";
import { engineChecks } from "./engine-checks.ts";
import { machineChecks } from "./machine-checks.ts";

/** Everything that is looked at, in the order in which it is shown. */
export const doctorChecks: readonly DoctorCheck[] = [...engineChecks, ...machineChecks];
