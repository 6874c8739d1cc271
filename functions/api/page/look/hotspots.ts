/**
 * The things in a picture as points to choose from: one tab stop, arrows go from one to the next, the most certain
 * first. The chosen one has its box drawn. A click anywhere chooses the smallest thing there.
 */
import { element } from "../dom.ts";
import type { Box } from "./scene-calls.ts";

export interface Spot {
  readonly box: Box;
  readonly category: string;
  /** 0 to 1. */
  readonly score: number;
}

const NEXT_KEYS = new Set(["ArrowRight", "ArrowDown"]);
const PREVIOUS_KEYS = new Set(["ArrowLeft", "ArrowUp"]);

export class Hotspots {
  readonly #layer: HTMLElement;
  #spots: readonly Spot[] = [];

  /** @param chosen told the number of the spot that the visitor chose */
  constructor(
    layer: HTMLElement,
    private readonly chosen: (index: number) => void,
  ) {
    this.#layer = layer;
    layer.addEventListener("keydown", (event) => this.#onKey(event));
    layer.addEventListener("click", (event) => this.#onClick(event));
  }

  show(spots: readonly Spot[], chosen: number): void {
    if (spots === this.#spots) {
      this.choose(chosen);
      return;
    }
    const had = this.#layer.contains(document.activeElement);
    this.#spots = spots;
    const points = pointsOf(spots);
    this.#layer.replaceChildren(
      ...spots.map((spot, index) => spotElement(spot, nameOf(spots, index), points[index]!)),
    );
    this.#layer.hidden = spots.length === 0;
    this.choose(chosen);
    if (had) this.#buttons[chosen]?.focus();
  }

  /** Marks one as chosen. */
  choose(index: number): void {
    for (const [at, button] of this.#buttons.entries()) {
      button.setAttribute("aria-checked", String(at === index));
      button.tabIndex = at === index ? 0 : -1;
    }
  }

  focus(index: number): void {
    this.#buttons[index]?.focus();
  }

  get #buttons(): HTMLButtonElement[] {
    return [...this.#layer.querySelectorAll("button")];
  }

  #onKey(event: KeyboardEvent): void {
    const buttons = this.#buttons;
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = NEXT_KEYS.has(event.key)
      ? (at + 1) % buttons.length
      : PREVIOUS_KEYS.has(event.key)
        ? (at + buttons.length - 1) % buttons.length
        : event.key === "Home"
          ? 0
          : event.key === "End"
            ? buttons.length - 1
            : undefined;
    if (to === undefined) return;
    event.preventDefault();
    buttons[to]!.focus();
    this.chosen(to);
  }

  #onClick(event: MouseEvent): void {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button) {
      this.chosen(this.#buttons.indexOf(button));
      return;
    }
    const { left, top, width, height } = this.#layer.getBoundingClientRect();
    const at = smallestAt(this.#spots, (event.clientX - left) / width, (event.clientY - top) / height);
    if (at !== undefined) this.chosen(at);
  }
}

/** Number of the smallest spot that holds a point. */
export function smallestAt(spots: readonly Spot[], x: number, y: number): number | undefined {
  let found: number | undefined;
  let least = Infinity;
  for (const [index, { box }] of spots.entries()) {
    const [x0, y0, x1, y1] = box;
    const area = (x1 - x0) * (y1 - y0);
    if (x < x0 || x > x1 || y < y0 || y > y1 || area >= least) continue;
    [found, least] = [index, area];
  }
  return found;
}

/** Where in its box a point may be, as fractions: in the middle where that is free. */
const PLACES = [
  [0.5, 0.5],
  [0.5, 0.25],
  [0.5, 0.75],
  [0.25, 0.5],
  [0.75, 0.5],
  [0.2, 0.2],
  [0.8, 0.8],
] as const;

/** Points that are closer than this, in fractions of the picture, hide each other. */
const APART = 0.11;

/** Where the point of each spot is in its box: the more certain choose first, later ones keep away from them. */
export function pointsOf(spots: readonly Pick<Spot, "box">[]): (readonly [x: number, y: number])[] {
  const taken: (readonly [number, number])[] = [];
  return spots.map(({ box: [x0, y0, x1, y1] }) => {
    const rated = PLACES.map((place) => {
      const at = [x0 + (x1 - x0) * place[0], y0 + (y1 - y0) * place[1]] as const;
      const room = Math.min(APART, ...taken.map(([x, y]) => Math.hypot(x - at[0], y - at[1])));
      return { place, at, room };
    });
    const best = rated.reduce((best, one) => (one.room > best.room ? one : best));
    taken.push(best.at);
    return best.place;
  });
}

/** The category; with a number where there are several of it. */
export function nameOf(spots: readonly Pick<Spot, "category">[], index: number): string {
  const { category } = spots[index]!;
  const same = spots.flatMap((spot, at) => (spot.category === category ? [at] : []));
  return same.length === 1 ? category : `${category} ${same.indexOf(index) + 1}`;
}

function spotElement({ box, score }: Spot, name: string, [x, y]: readonly [number, number]): HTMLElement {
  const button = element(
    "button",
    { type: "button", class: "spot-point", role: "radio" },
    element("span", { class: "spot-name" }, name),
    element("span", { class: "unseen" }, `, ${percent(score)} certain`),
  );
  const spot = element(
    "div",
    { class: "spot" },
    element("span", { class: "spot-box", "aria-hidden": "true" }),
    button,
  );
  for (const [index, side] of ["--x0", "--y0", "--x1", "--y1"].entries()) {
    spot.style.setProperty(side, String(box[index]));
  }
  button.style.left = `${x * 100}%`;
  button.style.top = `${y * 100}%`;
  return spot;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
