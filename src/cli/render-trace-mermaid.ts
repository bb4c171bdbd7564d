import { describeTraceEvent } from "../model/trace/mail-trace-words.ts";
import type { MailTrace, TraceClient, TraceEvent, TraceSource } from "../model/trace/mail-trace.ts";
import { accountOf } from "../model/trace/mail-trace-visits.ts";
import type { Speak } from "./language.ts";
import { printable } from "./printable.ts";
import { outcomeText } from "./render-trace.ts";

/** Somebody or something in the diagram, by the name that it is shown with. */
type Actor = string;

/** One line of the diagram between two of them, or a note over one. */
type Step =
  | { readonly from: Actor; readonly to: Actor; readonly arrow: "->>" | "-->>" | "-x"; readonly text: string }
  | { readonly over: Actor; readonly text: string };

/** A mail's life as a Mermaid sequence diagram; everything that somebody else wrote in it is only text. */
export function renderTraceMermaid(trace: MailTrace, speak: Speak): string {
  const steps = trace.events.flatMap((event) => stepsOf(event, speak));
  const end = speak(outcomeText(trace.outcome));
  const last = trace.events.at(-1);
  if (last !== undefined) steps.push({ over: last.host, text: end });
  const actors = [...new Set(steps.flatMap((step) => ("over" in step ? [step.over] : [step.from, step.to])))];
  const idOf = new Map(actors.map((actor, index) => [actor, `p${index + 1}`]));
  const id = (actor: Actor): string => idOf.get(actor) ?? "p0";
  return [
    "sequenceDiagram",
    ...actors.map((actor) => `    participant ${id(actor)} as ${mermaidText(actor)}`),
    ...steps.map((step) =>
      "over" in step
        ? `    Note over ${id(step.over)}: ${mermaidText(step.text)}`
        : `    ${id(step.from)}${step.arrow}${id(step.to)}: ${mermaidText(step.text)}`,
    ),
  ].join("\n");
}

/**
 * A text as Mermaid shows it and takes it for nothing else: letters, digits and a few marks stay, all others become
 * its codes (`#35;`), among them what ends a statement, begins a comment or is HTML.
 */
export function mermaidText(text: string): string {
  const coded = Array.from(printable(text), (letter) =>
    /[\p{L}\p{M}\p{N} .,:@/()[\]=?+*_'、。「」・（）-]/u.test(letter)
      ? letter
      : `#${letter.codePointAt(0) ?? 0};`,
  ).join("");
  return coded.trim() === "" ? "-" : coded;
}

function stepsOf(event: TraceEvent, speak: Speak): Step[] {
  const { host } = event;
  const { what, more } = describeTraceEvent(event);
  const text = speak(what);
  const [firstMore] = more;
  switch (event.kind) {
    case "queued": {
      const from = actorOf(event.source, host, speak);
      if (from === host) return [{ over: host, text: `${event.queueId}: ${text}` }];
      return [{ from, to: host, arrow: "->>", text: `${event.queueId}: ${text}` }];
    }
    case "asked-dns":
      return [
        { from: host, to: "dns", arrow: "->>", text },
        ...(event.answersNow.length === 0 ? [] : more.slice(-1)).map((answer): Step => ({
          from: "dns",
          to: host,
          arrow: "-->>",
          text: speak(answer),
        })),
      ];
    case "passed":
      return [{ from: event.relay.host ?? event.relay.said, to: host, arrow: "-->>", text }];
    case "delivered":
      return [{ from: host, to: mailboxActor(event.to, host), arrow: "->>", text }];
    case "deferred":
    case "bounced": {
      const to = event.relay.host;
      const said = firstMore === undefined ? text : `${text}: ${speak(firstMore)}`;
      return to === undefined || to === host
        ? [{ over: host, text: said }]
        : [{ from: host, to, arrow: "-x", text: said }];
    }
    case "refused": {
      const from = actorOf(event.by, host, speak);
      const said = firstMore === undefined ? text : `${text} ${speak(firstMore)}`;
      return [{ from, to: host, arrow: "-x", text: said }];
    }
    case "login-failed":
      return [{ from: clientActor(event.client, speak), to: host, arrow: "-x", text }];
    case "mailbox-visited":
      return [
        { from: clientActor(event.client, speak), to: mailboxActor(event.user, host), arrow: "->>", text },
      ];
    case "mailbox-looked-at":
      return [{ over: mailboxActor(event.user, host), text }];
    case "forwarded":
    case "expired":
    case "notified":
    case "deleted":
      return [{ over: host, text }];
  }
}

function mailboxActor(address: string, host: string): Actor {
  return `${accountOf(address)}@${host}`;
}

function clientActor({ node, address }: TraceClient, speak: Speak): Actor {
  return node ?? `${speak({ en: "outside", ja: "ラボの外" })} ${address}`;
}

function actorOf(source: TraceSource, host: string, speak: Speak): Actor {
  if (source.via === "postfix") return host;
  if (source.via === "smtp") return clientActor(source.client, speak);
  return `${source.user ?? `uid ${source.uid}`} (${host})`;
}
