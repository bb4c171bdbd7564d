import { draw } from "./element.ts";

/** A place in the picture, in pixels from its upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The network's cables, and the ways along them. */
export class Wires {
  readonly element = draw("svg", { class: "wires", "aria-hidden": "true" });
  readonly #picture: HTMLElement;

  constructor(picture: HTMLElement) {
    this.#picture = picture;
  }

  /** Draws a cable from the network to each machine. */
  draw(): void {
    this.element.replaceChildren();
    for (const node of this.#picture.querySelectorAll<HTMLElement>("[data-node]")) {
      const points = this.#cableTo(node).map(({ x, y }) => `${x},${y}`);
      this.element.append(draw("polyline", { points: points.join(" ") }));
    }
  }

  /** The way from one station to another: inside of a machine straight, else along the cables. */
  wayBetween(from: string, to: string): readonly Point[] {
    const start = this.stationAt(from);
    const end = this.stationAt(to);
    if (start === undefined || end === undefined) return [];
    const [source, goal] = [nodeOf(from), nodeOf(to)];
    if (source === goal) return [start, end];
    return [start, ...this.#cableOf(source).toReversed(), ...this.#cableOf(goal), end];
  }

  /** The middle of a station; absent where the picture has none of that name. */
  stationAt(name: string): Point | undefined {
    const box = this.#boxOf(`[data-station="${CSS.escape(name)}"]`);
    return box && middleOf(box);
  }

  #cableOf(name: string): readonly Point[] {
    const node = this.#picture.querySelector<HTMLElement>(`[data-node="${CSS.escape(name)}"]`);
    return node === null ? [] : this.#cableTo(node);
  }

  #cableTo(node: HTMLElement): readonly Point[] {
    const lan = this.#boxOf('[data-station="lan"]');
    const queue = node.querySelector('[data-station$="/queue"]');
    return lan === undefined
      ? []
      : cable(middleOf(lan), this.#boxAround(queue ?? node), this.#boxAround(node));
  }

  #boxOf(selector: string): DOMRect | undefined {
    const found = this.#picture.querySelector(selector);
    return found === null ? undefined : this.#boxAround(found);
  }

  #boxAround(element: Element): DOMRect {
    const outer = this.#picture.getBoundingClientRect();
    const { x, y, width, height } = element.getBoundingClientRect();
    return new DOMRect(
      x - outer.x - this.#picture.clientLeft,
      y - outer.y - this.#picture.clientTop,
      width,
      height,
    );
  }
}

function middleOf({ x, y, width, height }: DOMRect): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

function nodeOf(station: string): string {
  return station.split("/")[0] ?? station;
}

/** How far from a machine its cable turns: between it and what stands in the middle. */
const bendPixels = 20;

/** From the network to a machine's side, at the height of what the mail goes to. */
function cable(from: Point, target: DOMRect, node: DOMRect): readonly Point[] {
  const goal = middleOf(target);
  const isBeside = from.x < node.left || from.x > node.right;
  if (!isBeside) return [from, { x: from.x, y: from.y < node.top ? node.top : node.bottom }];
  const isLeft = from.x > node.right;
  const edge = { x: isLeft ? node.right : node.left, y: goal.y };
  const bend = edge.x + (isLeft ? bendPixels : -bendPixels);
  return [from, { x: bend, y: from.y }, { x: bend, y: edge.y }, edge];
}
