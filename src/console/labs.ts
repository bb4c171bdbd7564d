import type { LabContext } from "../lab/lab-context.ts";
import type { LabOutputs } from "../lab/stack/lab-outputs.ts";
import { LabWatch } from "../lab/watch/watch-lab.ts";
import { LabError, exitCode } from "../model/lab-error.ts";
import { sameText } from "../model/text.ts";

/** How long a lab is watched on that nobody looks at any more: a page that is loaded again finds it as it was. */
const graceMs = 30_000;
/** As many labs as are watched at once: each is a login on each host. */
const mostLabs = 16;

/** How the labs that a console may show are reached. */
export interface LabsOpener {
  /** The console's own. */
  readonly lab: string;
  /** The context of another lab, such as a seat's; `undefined` where it is none of this console's. */
  readonly open: (lab: string) => Promise<LabContext | undefined>;
}

/** A lab that somebody looks at. */
export interface OpenedLab {
  readonly context: LabContext;
  readonly watch: LabWatch;
  /** Has to be called once, when it is looked at no more. */
  readonly release: () => void;
}

interface Kept {
  readonly opening: Promise<{ readonly context: LabContext; readonly watch: LabWatch }>;
  users: number;
  timer?: NodeJS.Timeout;
}

/** The labs that pages look at: each is watched once, from its first page until a while after its last. */
export class WatchedLabs {
  readonly #opener: LabsOpener;
  readonly #kept = new Map<string, Kept>();
  #isClosed = false;

  constructor(opener: LabsOpener) {
    this.#opener = opener;
  }

  /**
   * Opens a lab for one page or one question.
   *
   * @param name - the console's own unless given.
   * @throws LabError `LAB_NO_SUCH_LAB`, `LAB_CONSOLE_FULL`
   */
  async open(name: string = this.#opener.lab): Promise<OpenedLab> {
    const known = this.#kept.get(name);
    if (known === undefined && this.#kept.size >= mostLabs) throw tooMany();
    const kept = known ?? { opening: this.#begin(name), users: 0 };
    this.#kept.set(name, kept);
    clearTimeout(kept.timer);
    kept.users += 1;
    try {
      const { context, watch } = await kept.opening;
      return {
        context,
        watch,
        release: () => {
          this.#release(name, kept);
        },
      };
    } catch (error) {
      this.#kept.delete(name);
      throw error;
    }
  }

  /** Asks something of a lab that is up. */
  async ask<Answer>(
    name: string | undefined,
    question: (outputs: LabOutputs, opened: OpenedLab) => Promise<Answer> | Answer,
  ): Promise<Answer> {
    const opened = await this.open(name);
    try {
      await opened.watch.isRead;
      return await question(outputsOf(opened.watch), opened);
    } finally {
      opened.release();
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const name of [...this.#kept.keys()]) this.#end(name);
  }

  async #begin(name: string) {
    const context = await this.#opener.open(name);
    if (context === undefined) throw noSuchLab(name);
    const watch = new LabWatch(context);
    if (this.#isClosed) watch.close();
    return { context, watch };
  }

  #release(name: string, kept: Kept): void {
    kept.users -= 1;
    if (kept.users > 0 || this.#isClosed) return;
    kept.timer = setTimeout(() => {
      this.#end(name);
    }, graceMs);
  }

  #end(name: string): void {
    const kept = this.#kept.get(name);
    this.#kept.delete(name);
    clearTimeout(kept?.timer);
    // One that could not be opened holds nothing.
    kept?.opening.then(
      ({ watch }) => {
        watch.close();
      },
      () => undefined,
    );
  }
}

/**
 * The outputs of a lab that is watched.
 *
 * @throws LabError `LAB_NOT_UP`, or why it could not be looked at
 */
export function outputsOf({ outputs, problem, picture }: LabWatch): LabOutputs {
  if (outputs === undefined) throw problem ?? notUp(picture.stack);
  return outputs;
}

function notUp(stack: string): LabError {
  return new LabError(
    "LAB_NOT_UP",
    { en: `The lab ${stack} is not up.`, ja: `ラボ${stack}は立ち上がっていません。` },
    { hint: sameText(`./lab up --stack ${stack}`), exit: exitCode.unreachable },
  );
}

function noSuchLab(name: string): LabError {
  return new LabError(
    "LAB_NO_SUCH_LAB",
    {
      en: `This console does not show a lab “${name}”.`,
      ja: `このコンソールにラボ「${name}」はありません。`,
    },
    { hint: sameText("./lab console --stack NAME, ./lab console --seats ROSTER"), exit: exitCode.usage },
  );
}

function tooMany(): LabError {
  return new LabError(
    "LAB_CONSOLE_FULL",
    {
      en: `The console shows ${mostLabs} labs at once, and no more.`,
      ja: `コンソールが同時に表示できるラボは${mostLabs}個までです。`,
    },
    {
      hint: {
        en: "Close the pages of other seats; half a minute later there is room.",
        ja: "ほかの席のページを閉じてください。30秒後に空きができます。",
      },
    },
  );
}
