import type { ProgressReporter } from "../../../../toolchain/progress.ts";

/** A reporter that keeps what it was told, as lines such as `begin go`, `line …`, `done go`, `say …`. */
export function collectProgress(): ProgressReporter & { readonly told: string[] } {
  const told: string[] = [];
  return {
    told,
    begin: ({ id }) => {
      told.push(`begin ${id}`);
      return {
        line: (text) => {
          told.push(`line ${text}`);
        },
        end: ({ outcome, note }) => {
          told.push(`${outcome} ${id}${note === undefined ? "" : `: ${note}`}`);
        },
      };
    },
    say: ({ en }) => {
      told.push(`say ${en}`);
    },
  };
}
