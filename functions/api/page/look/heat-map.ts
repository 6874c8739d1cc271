/** Attention as a veil over a picture: dark where it looks past, warm where it looks. */
import { type Area, attentionField, type Grid } from "./attention.ts";

/** Points a side: the browser smooths what is between them. */
const POINTS = 112;

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** From least to most. The legend in the style sheet shows the same. */
const RAMP: readonly (readonly [at: number, colour: Rgba])[] = [
  [0, [18, 16, 38, 0.62]],
  [0.35, [52, 26, 74, 0.42]],
  [0.65, [214, 92, 40, 0.34]],
  [1, [255, 204, 74, 0.5]],
];

export class HeatMap {
  readonly #canvas: HTMLCanvasElement;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    canvas.width = POINTS;
    canvas.height = POINTS;
  }

  /** @param area what the grid covers, in fractions of the picture */
  show(grid: Grid, [left, top, width, height]: Area): void {
    const context = this.#canvas.getContext("2d");
    if (!context) return;
    const field = attentionField(grid, POINTS, POINTS);
    const image = context.createImageData(POINTS, POINTS);
    for (const [index, value] of field.entries()) {
      const [red, green, blue, alpha] = colourAt(value);
      image.data.set([red, green, blue, Math.round(alpha * 255)], index * 4);
    }
    context.putImageData(image, 0, 0);
    for (const [name, share] of Object.entries({ left, top, width, height })) {
      this.#canvas.style.setProperty(name, `${share * 100}%`);
    }
    this.#canvas.hidden = false;
  }

  hide(): void {
    this.#canvas.hidden = true;
  }
}

function colourAt(value: number): Rgba {
  const upper = RAMP.findIndex(([at]) => at >= value);
  if (upper <= 0) return RAMP[Math.max(0, upper)]![1];
  const [[from, low], [to, high]] = [RAMP[upper - 1]!, RAMP[upper]!];
  const part = (value - from) / (to - from);
  return low.map((channel, index) => channel + (high[index]! - channel) * part) as unknown as Rgba;
}
