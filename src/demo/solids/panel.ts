/** Flat things: what is drawn on a plane, such as a clock's face, a picture or a garment laid out. */
import type { Drawing } from "../drawing.ts";
import { type Frame, onFrame } from "../geometry.ts";
import type { Outline } from "../outline.ts";
import type { View } from "../view.ts";
import type { Solid } from "./solid.ts";

/** @param paint draws in centimetres, y down, from the frame's origin; the last argument is centimetres per pixel */
export function panel(
  frame: Frame,
  silhouettes: readonly Outline[],
  paint: (drawing: Drawing, view: View, pixel: number) => void,
  opacity = 1,
): Solid {
  return {
    hull: silhouettes.flatMap(({ points }) => points.map(([x, y]) => onFrame(frame, x, y))),
    round: 0,
    silhouettes,
    opacity,
    draw(drawing, view) {
      drawing.within(view.plane(frame), () => paint(drawing, view, view.pixel));
    },
  };
}
