import type { LabNode, MailEvent } from "../api.ts";
import { button, draw, make } from "./element.ts";
import { saysAs, speak } from "./language.ts";
import type { MailStories } from "./stories.ts";
import type { Point, Wires } from "./wires.ts";
import { stateWords } from "./mail-words.ts";

/** A move's time, however long its way is: the last of three is over well before two seconds. */
const moveMs = 520;
const restMs = 6_000;
/** More at once would hide the picture, and the machine would draw nothing else. */
const mostEnvelopes = 24;

interface Envelope {
  readonly element: HTMLButtonElement;
  readonly label: HTMLElement;
  station: string;
  /** The moves follow each other, however fast the lab is. */
  moves: Promise<void>;
  timer?: ReturnType<typeof setTimeout>;
}

/** Carries mails through the picture as the logs tell of them. */
export class Courier {
  readonly #picture: HTMLElement;
  readonly #wires: Wires;
  readonly #stories: MailStories;
  readonly #onChoose: (mail: string) => void;
  readonly #envelopes = new Map<string, Envelope>();
  #nodes: readonly LabNode[] = [];

  constructor(picture: HTMLElement, wires: Wires, stories: MailStories, onChoose: (mail: string) => void) {
    this.#picture = picture;
    this.#wires = wires;
    this.#stories = stories;
    this.#onChoose = onChoose;
  }

  /** The machines that a mail may come from. */
  know(nodes: readonly LabNode[]): void {
    this.#nodes = nodes;
  }

  /** Draws what has happened. */
  take(event: MailEvent): void {
    // Of a host that tells it late the mail has gone further already.
    const state = this.#stories.of(event.mail)?.state;
    const isOld = (event.kind === "queued" || event.kind === "passed") && state !== event.kind;
    if (event.kind === "removed" || isOld || document.hidden) return;
    const envelope = this.#envelopes.get(event.mail) ?? this.#send(event);
    if (envelope === undefined) return;
    const target = targetOf(event);
    envelope.moves = envelope.moves.then(async () => {
      this.#dress(envelope, event);
      await this.#move(envelope, target);
      if (event.kind === "passed" && event.nextQueueId !== undefined)
        envelope.label.textContent = event.nextQueueId;
    });
    clearTimeout(envelope.timer);
    envelope.timer = setTimeout(() => {
      void this.#dismiss(event.mail, envelope);
    }, restMs);
  }

  #send(event: MailEvent): Envelope | undefined {
    const station = this.#originOf(event);
    const place = this.#wires.stationAt(station) ?? this.#wires.stationAt("lan");
    if (place === undefined || this.#envelopes.size >= mostEnvelopes) return undefined;
    const label = make("bdi", {}, event.queueId ?? "");
    const element = button(
      { class: "envelope", "data-mail": event.mail },
      () => {
        this.#onChoose(event.mail);
      },
      draw(
        "svg",
        { class: "letter", viewBox: "0 0 20 16", width: 20, height: 16, "aria-hidden": "true" },
        draw("rect", { x: 1, y: 2, width: 18, height: 13, rx: 2 }),
        draw("path", { d: "M1.5 3.5 10 10l8.5-6.5" }),
      ),
      label,
    );
    put(element, place);
    this.#picture.append(element);
    const envelope: Envelope = { element, label, station, moves: Promise.resolve() };
    this.#envelopes.set(event.mail, envelope);
    return envelope;
  }

  /** Where a mail comes from that was not in the picture yet. */
  #originOf({ kind, host, client, from }: MailEvent): string {
    if (kind !== "queued" && kind !== "rejected") return `${host}/queue`;
    if (client === "local") return `${host}/mailbox/${localPart(from)}`;
    const sender = this.#nodes.find(({ address }) => client?.includes(`[${address}]`));
    if (sender === undefined) return "lan";
    return sender.kind === "host" ? `${sender.name}/queue` : sender.name;
  }

  #dress({ element, label }: Envelope, { kind, queueId, mail }: MailEvent): void {
    element.classList.remove("queued", "passed", "delivered", "deferred", "bounced", "rejected", "leaving");
    element.classList.add(kind);
    if (queueId !== undefined) label.textContent = queueId;
    saysAs(
      element,
      "aria-label",
      () => `${speak(stateWords[this.#stories.of(mail)?.state ?? "queued"])} ${label.textContent}`,
    );
  }

  async #move(envelope: Envelope, target: string): Promise<void> {
    const way = this.#wires.wayBetween(envelope.station, target);
    const end = way.at(-1);
    if (end === undefined || envelope.station === target) return;
    envelope.station = target;
    if (!matchMedia("(prefers-reduced-motion: reduce)").matches && !document.hidden) {
      const frames = evenly(way).map(({ x, y, offset }) => ({
        transform: `translate(${x}px, ${y}px)`,
        offset,
      }));
      await envelope.element
        .animate(frames, { duration: moveMs, easing: "ease-in-out" })
        .finished.catch(() => undefined);
    }
    put(envelope.element, this.#besideOthers(envelope, end));
  }

  /** Mails that rest at one station lie a little apart. */
  #besideOthers(envelope: Envelope, { x, y }: Point): Point {
    const others = [...this.#envelopes.values()].filter(
      (other) => other !== envelope && other.station === envelope.station,
    ).length;
    return { x: x + (others % 5) * 12, y: y + (others % 5) * 5 };
  }

  async #dismiss(mail: string, envelope: Envelope): Promise<void> {
    await envelope.moves;
    // Who is about to press it keeps it.
    if (envelope.element.matches(":hover, :focus")) {
      envelope.timer = setTimeout(() => {
        void this.#dismiss(mail, envelope);
      }, restMs);
      return;
    }
    this.#envelopes.delete(mail);
    envelope.element.classList.add("leaving");
    setTimeout(() => {
      envelope.element.remove();
    }, 900);
  }
}

function put(element: HTMLElement, { x, y }: Point): void {
  element.style.transform = `translate(${x}px, ${y}px)`;
}

/** Points of a way with the part of it that lies behind each, so that the speed is even. */
function evenly(way: readonly Point[]): readonly (Point & { readonly offset: number })[] {
  const lengths = way.map(({ x, y }, index) =>
    Math.hypot(x - (way[index - 1]?.x ?? x), y - (way[index - 1]?.y ?? y)),
  );
  const total = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let gone = 0;
  return way.map((point, index) => {
    gone += lengths[index] ?? 0;
    return { ...point, offset: Math.min(1, gone / total) };
  });
}

function targetOf({ kind, host, nextHost, to }: MailEvent): string {
  if (kind === "passed") return `${nextHost ?? host}/queue`;
  return kind === "delivered" ? `${host}/mailbox/${localPart(to)}` : `${host}/queue`;
}

function localPart(address: string | undefined): string {
  return address?.split("@")[0] ?? "";
}
