/** The thread between the two pins: taut between alike pictures, slack between strangers. */
import { shape } from "../dom.ts";

/** Sag in pixels of a taut and of a slack thread. */
const TAUT = 14;
const SLACK = 74;

/** On narrow boards the thread hangs at most this share of the distance between the pins. */
const STEEPEST = 0.2;

/** Height of a pin's head above the point where the thread is tied, in pixels. */
const TIE = 7;

export class Thread {
  readonly #canvas: SVGSVGElement;
  readonly #board: HTMLElement;
  readonly #pins: readonly [Element, Element];
  #similarity = 0;

  constructor(canvas: SVGSVGElement, board: HTMLElement, pins: readonly [Element, Element]) {
    this.#canvas = canvas;
    this.#board = board;
    this.#pins = pins;
    new ResizeObserver(() => this.#draw()).observe(board);
  }

  /** Draws the thread as taut as the pictures are alike, 0…1. */
  pull(similarity: number): void {
    this.#similarity = Math.max(0, Math.min(1, similarity));
    this.#draw();
  }

  #draw(): void {
    const board = this.#board.getBoundingClientRect();
    const [from, to] = this.#pins.map((pin) => {
      const box = pin.getBoundingClientRect();
      return { x: box.left + box.width / 2 - board.left, y: box.top + TIE - board.top };
    }) as [Point, Point];
    const slack = Math.min(SLACK, (to.x - from.x) * STEEPEST);
    const sag = TAUT + (slack - TAUT) * (1 - this.#similarity);
    this.#board.style.setProperty("--sag", `${sag}px`);
    this.#canvas.setAttribute("viewBox", `0 0 ${board.width} ${board.height}`);
    const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 + 2 * sag };
    const path = `M${from.x} ${from.y}Q${middle.x} ${middle.y} ${to.x} ${to.y}`;
    this.#canvas.replaceChildren(
      shape("path", { d: path, class: "thread-shadow" }),
      shape("path", { d: path, class: "thread" }),
    );
  }
}

interface Point {
  readonly x: number;
  readonly y: number;
}
