import { Hono, type Context } from "hono";
import { bodyLimit } from "hono/body-limit";
import pLimit from "p-limit";
import { z } from "zod";
import { listMailbox, openMail } from "../lab/mail/mailboxes.ts";
import { send } from "../lab/mail/send.ts";
import { readStepTexts } from "../lab/chapter/step-texts.ts";
import { readZones } from "../lab/mail/zones.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import { sameText } from "../model/text.ts";
import type { ConsoleSetup, SeatBoard, SendAnswer, StepTexts } from "./api.ts";
import type { WatchedLabs } from "./labs.ts";
import type { PageFiles } from "./page-files.ts";
import { contentPolicy } from "./policy.ts";
import { problemOf, statusOf } from "./problem.ts";

/** What the answers are made of. */
export interface Routed {
  readonly setup: ConsoleSetup;
  readonly labs: WatchedLabs;
  readonly files: PageFiles;
  readonly lastBoard: () => SeatBoard | undefined;
  /** Told what is a fault of the console itself. */
  readonly onFault: (error: unknown) => void;
}

const mostBodyBytes = 8 * 1024;
/** As many mails as are decoded at once, each in a thread of its own; and as many as are sent at once. */
const decodedAtOnce = 2;
const sentAtOnce = 4;

const sendForm = z.strictObject({
  from: z.string().max(200),
  to: z.string().max(200),
  subject: z.string().max(200),
});

/** The console's questions and answers, and the files of its page; whoever asks was let in before. */
export function consoleRoutes({ setup, labs, files, lastBoard, onFault }: Routed): Hono {
  const app = new Hono();
  const decoding = pLimit(decodedAtOnce);
  const sending = pLimit(sentAtOnce);
  const isShort = bodyLimit({
    maxSize: mostBodyBytes,
    onError: (context) => context.json(problemOf(oddForm(`> ${mostBodyBytes} B`)), 413),
  });
  const labOf = (context: Context): string | undefined => context.req.query("lab");

  app.get("/api/console", (context) => context.json(setup));
  app.get("/api/seats", (context) => context.json(lastBoard() ?? null));
  app.get("/api/steps", async (context) => {
    const { context: lab, release } = await labs.open(labOf(context));
    try {
      const steps: StepTexts = { steps: await readStepTexts(lab.paths) };
      return context.json(steps);
    } finally {
      release();
    }
  });
  app.get("/api/queues", async (context) =>
    context.json(await labs.ask(labOf(context), (_outputs, { watch }) => watch.hosts?.queues() ?? [])),
  );
  app.get("/api/mailboxes", async (context) =>
    context.json(await labs.ask(labOf(context), (_outputs, { watch }) => watch.hosts?.mailboxes() ?? [])),
  );
  app.get("/api/mailboxes/:host/:user", async (context) => {
    const place = context.req.param();
    return context.json(
      await labs.ask(labOf(context), (outputs) =>
        decoding(() => listMailbox({ outputs, signal: context.req.raw.signal }, place)),
      ),
    );
  });
  app.get("/api/mailboxes/:host/:user/:index{[0-9]{1,9}}", async (context) => {
    const { host, user, index } = context.req.param();
    return context.json(
      await labs.ask(labOf(context), (outputs) =>
        decoding(() => openMail({ outputs, signal: context.req.raw.signal }, { host, user }, Number(index))),
      ),
    );
  });
  app.get("/api/zones", async (context) =>
    context.json(await labs.ask(labOf(context), (outputs) => readZones(outputs, context.req.raw.signal))),
  );
  app.post("/api/send", isShort, async (context) => {
    const form = sendForm.safeParse(await context.req.json().catch(() => undefined));
    if (!form.success) throw oddForm(wordsOf(form.error));
    const { from, to, subject } = form.data;
    const request = { from: from === "" ? undefined : from, to: to === "" ? undefined : to, subject };
    return context.json(
      await labs.ask(labOf(context), (_outputs, opened) =>
        sending(async (): Promise<SendAnswer> => {
          const { messageId, outcome, mailbox, totalMs, error, ...ends } = await send(
            opened.context,
            request,
            () => undefined,
          );
          return {
            messageId,
            from: ends.from,
            to: ends.to,
            outcome,
            totalMs,
            ...(mailbox !== undefined && { mailbox }),
            ...(error !== undefined && { problem: problemOf(error) }),
          };
        }),
      ),
    );
  });
  app.post("/api/check", isShort, async (context) => {
    await labs.ask(labOf(context), (_outputs, { watch }) => {
      watch.checkSoon();
    });
    return context.json(null);
  });
  app.get("/", (context) => {
    const { html, nonce } = files.index();
    context.header("content-security-policy", contentPolicy(context.req.header("host") ?? "", nonce));
    return context.html(html);
  });
  app.get("*", (context) => {
    const file = files.find(context.req.path);
    if (file === undefined) return context.notFound();
    const isPacked = /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");
    context.header("content-type", file.type);
    context.header("vary", "accept-encoding");
    if (isPacked) context.header("content-encoding", "gzip");
    return context.body(new Uint8Array(isPacked ? file.gzipped : file.body));
  });
  app.notFound((context) => context.json(problemOf(noSuchPath()), 404));
  app.onError((error, context) => {
    if (!(error instanceof LabError)) onFault(error);
    return context.json(problemOf(error), statusOf(error));
  });
  return app;
}

function wordsOf({ issues: [issue] }: z.ZodError): string {
  return `${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`.trim();
}

function oddForm(words: string): LabError {
  return new LabError(
    "LAB_CONSOLE_REQUEST",
    {
      en: `The console can't read this request: ${words}`,
      ja: `コンソールはこの要求を解釈できません: ${words}`,
    },
    { hint: sameText("src/console/api.ts"), exit: exitCode.usage },
  );
}

function noSuchPath(): LabError {
  return new LabError(
    "LAB_CONSOLE_PATH",
    { en: "The console has nothing of that name.", ja: "その名前のものはコンソールにありません。" },
    { hint: sameText("http://127.0.0.1:PORT/"), exit: exitCode.usage },
  );
}
