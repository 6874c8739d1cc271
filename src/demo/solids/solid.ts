/** A body in the world that can be drawn, sorted by depth, and that throws a shadow. */
import type { Drawing } from "../drawing.ts";
import type { Vector } from "../geometry.ts";
import type { Outline } from "../outline.ts";
import type { View } from "../view.ts";

export interface Solid {
  /** Points whose convex hull holds the body, without its rounding. */
  readonly hull: readonly Vector[];
  /** Radius of the ball that rolls along the hull, in centimetres. */
  readonly round: number;
  /** Silhouettes in the plane z = 0 (y down), for flat things, whose shadow is not their hull's. */
  readonly silhouettes?: readonly Outline[];
  /** Things that let light through, such as lampshades and glass, throw a lighter shadow; 1 is opaque. */
  readonly opacity?: number;
  draw(drawing: Drawing, view: View): void;
}
