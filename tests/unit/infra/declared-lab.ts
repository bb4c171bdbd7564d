import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { MailLab } from "../../../infra/mail-lab.ts";
import { configWith } from "../../support/default-config.ts";

/** A resource that the program declared, with what it gave for it. */
export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What the program declared, and the lab that it is. */
export interface DeclaredLab {
  readonly resources: readonly Declared[];
  readonly lab: MailLab;
}

/**
 * Runs the program with a configuration and no engine: every resource is noted and made at once.
 *
 * It shows what is asked of the engine, and nothing of what the engine or Docker makes of it.
 */
export async function declareLab(changes: Readonly<Record<string, unknown>>): Promise<DeclaredLab> {
  const resources: Declared[] = [];
  const seed = randomBytes(32).toString("base64");
  await pulumi.runtime.setMocks(
    {
      newResource: (declared) => {
        const { type, name } = declared;
        const inputs = declared.inputs as Readonly<Record<string, unknown>>;
        resources.push({ type, name, inputs });
        return { id: `${name}-id`, state: { ...inputs, stdout: name === "seed" ? seed : `${name}-stdout` } };
      },
      call: ({ inputs }) => inputs as Record<string, unknown>,
    },
    "mail-lab",
    "t",
  );
  let lab: MailLab | undefined;
  await pulumi.runtime.runInPulumiStack(() => {
    lab = new MailLab("t", configWith(changes));
    return Promise.resolve({});
  });
  // Resources are registered behind the program's back, and the next program's mocks would get them.
  await pulumi.runtime.disconnect(false);
  if (lab === undefined) throw new Error("the program made no lab");
  return { resources, lab };
}

/** The value of an output. */
export function valueOf<Value>(output: pulumi.Output<Value>): Promise<Value> {
  const { promise, resolve } = Promise.withResolvers<Value>();
  output.apply(resolve);
  return promise;
}
