import { startOfHost } from "../../course/stage.ts";
import { listContainers } from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import { LabError, exitCode } from "../../model/lab-error.ts";
import { servicePorts, type DeskPlan } from "../../model/topology.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { noDesk, requireOutputs, type LabOutputs } from "../stack/lab-outputs.ts";
import { waitForDesk } from "../lifecycle/start-stopped.ts";

/** The account that is used on the desk, as the chapter's tables have it. */
interface DeskLogin {
  readonly address: string;
  readonly user: string;
  readonly password: string;
  /** The server of both ways, `mail.example1.test`. */
  readonly server: string;
  readonly imapPort: number;
  readonly smtpPort: number;
}

/** A desk that can be opened. */
export interface OpenDesk {
  readonly desk: DeskPlan;
  /** The address for a browser, which asks for the password. */
  readonly url: string;
  readonly password: string;
  /**
   * The same address with the password in its fragment, which a browser sends to nobody: it is not asked for.
   */
  readonly directUrl: string;
  readonly account: DeskLogin;
  /** Whether the account was set up in Thunderbird when the desk was made; else a student does it by hand. */
  readonly isAccountSetUp: boolean;
}

/**
 * The desk of the context's lab, once its page answers.
 *
 * @throws LabError `LAB_NOT_UP`, `LAB_NO_DESK`, `LAB_DESK_STOPPED`, `LAB_WAIT_OVER`.
 */
export async function readDesk(context: LabContext): Promise<OpenDesk> {
  const outputs = await requireOutputs(context);
  const { desk, deskPassword } = outputs;
  if (desk === undefined || deskPassword === undefined) throw noDesk(context.stack);
  await requireRunning(context, outputs, desk);
  await waitForDesk(context, desk);
  const url = `http://127.0.0.1:${desk.port}/`;
  const { start = "finished", starts = {} } = outputs;
  return {
    desk,
    url,
    password: deskPassword,
    directUrl: `${url}#password=${deskPassword}`,
    account: loginOf(outputs),
    isAccountSetUp: startOfHost({ start, starts }, desk.name) === "finished",
  };
}

function loginOf({ hosts: [host], passwords }: LabOutputs): DeskLogin {
  const user = host?.users[0];
  if (host === undefined || user === undefined) throw new Error("a built lab has a host with a user");
  return {
    address: `${user}@${host.domain}`,
    user,
    password: passwords[user] ?? "",
    server: `mail.${host.domain}`,
    imapPort: servicePorts.imap,
    smtpPort: servicePorts.smtp,
  };
}

async function requireRunning(context: LabContext, { owner }: LabOutputs, desk: DeskPlan): Promise<void> {
  const container = (await listContainers(engineOf(context))).find(
    ({ labels }) => labels[labelNames.owner] === owner && labels[labelNames.node] === desk.name,
  );
  if (container?.state === "running") return;
  const state = container?.state ?? "missing";
  throw new LabError(
    "LAB_DESK_STOPPED",
    {
      en: `The desk of the lab ${context.stack} is not running (${state}).`,
      ja: `ラボ${context.stack}のデスクは動いていません（${state}）。`,
    },
    {
      hint: { en: `./lab up --stack ${context.stack}`, ja: `./lab up --stack ${context.stack}` },
      exit: exitCode.unreachable,
    },
  );
}
