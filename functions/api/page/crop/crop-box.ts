/** A box that is drawn, moved and resized on a picture, with a mouse, a finger or the arrow keys. */
import type { Crop } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";
import { boxBetween, CORNERS, type Corner, describeCrop, moveBox, moveCorner } from "./geometry.ts";

/** Share of a side that an arrow key moves by; with Shift, five times as far. */
const STEP = 0.02;
const LONG_STEP = 0.1;

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

type Change = (box: Crop, dx: number, dy: number) => Crop | undefined;

export class CropBox {
  readonly #stage: HTMLElement;
  readonly #box: HTMLElement;
  #crop: Crop | undefined;

  /**
   * @param stage exactly as large as the picture
   * @param changed told when the visitor is done with a change; undefined: the whole picture
   */
  constructor(
    stage: HTMLElement,
    private readonly changed: (crop: Crop | undefined) => void,
  ) {
    this.#stage = stage;
    const grip = element("button", { type: "button", class: "crop-grip" });
    const handles = CORNERS.map((corner) => {
      const handle = element("button", { type: "button", class: "crop-handle", "data-corner": corner });
      this.#control(handle, cornerMover(corner));
      return handle;
    });
    this.#control(grip, moveBox);
    this.#box = element("div", { class: "crop-box" }, grip, ...handles);
    this.#box.hidden = true;
    stage.append(this.#box);
    this.#drawFromScratch();
  }

  show(crop: Crop | undefined): void {
    this.#crop = crop;
    this.#box.hidden = crop === undefined;
    if (crop === undefined) return;
    for (const [index, side] of ["--x0", "--y0", "--x1", "--y1"].entries()) {
      this.#box.style.setProperty(side, String(crop[index]));
    }
    const where = describeCrop(crop);
    for (const control of this.#box.querySelectorAll("button")) {
      const { corner } = control.dataset;
      const name = corner === undefined ? "Move the crop" : `Move the crop's ${corner} corner`;
      control.setAttribute("aria-label", `${name} with the arrow keys: ${where}`);
    }
  }

  focus(): void {
    this.#box.querySelector("button")?.focus();
  }

  #control(control: HTMLButtonElement, change: Change): void {
    control.addEventListener("keydown", (event) => {
      const arrow = ARROWS[event.key];
      if (arrow === undefined || this.#crop === undefined) return;
      event.preventDefault();
      const step = event.shiftKey ? LONG_STEP : STEP;
      this.show(change(this.#crop, arrow[0] * step, arrow[1] * step));
      this.changed(this.#crop);
    });
    control.addEventListener("pointerdown", (event) => {
      const { clientX, clientY } = event;
      const start = this.#crop;
      if (start === undefined) return;
      event.stopPropagation();
      this.#follow(event, control, (moved) => {
        const { width, height } = this.#stage.getBoundingClientRect();
        return change(start, (moved.clientX - clientX) / width, (moved.clientY - clientY) / height);
      });
    });
  }

  #drawFromScratch(): void {
    this.#stage.addEventListener("pointerdown", (event) => {
      const [x, y] = this.#at(event);
      this.#follow(event, this.#stage, (moved) => boxBetween(x, y, ...this.#at(moved)) ?? this.#crop);
    });
  }

  /** Follows a pointer until it is lifted. */
  #follow(start: PointerEvent, target: HTMLElement, boxAt: (event: PointerEvent) => Crop | undefined): void {
    if (start.button !== 0) return;
    target.setPointerCapture(start.pointerId);
    const before = this.#crop;
    const move = (event: PointerEvent) => this.show(boxAt(event));
    const end = new AbortController();
    const { signal } = end;
    target.addEventListener("pointermove", move, { signal });
    target.addEventListener("pointercancel", () => end.abort(), { signal });
    target.addEventListener(
      "pointerup",
      () => {
        end.abort();
        if (this.#crop !== before) this.changed(this.#crop);
      },
      { signal },
    );
  }

  #at({ clientX, clientY }: PointerEvent): [number, number] {
    const { left, top, width, height } = this.#stage.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
  }
}

function cornerMover(corner: Corner): Change {
  return (box, dx, dy) => moveCorner(box, corner, dx, dy);
}
