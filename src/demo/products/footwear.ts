/** What shoes and boots share. They are seen from the side: the heel at x = -13, the toe at x = 14, the ground at y = 0. */
import type { Hex } from "../colour.ts";
import { flow, garment, type Piece } from "../garment.ts";
import type { Frame } from "../geometry.ts";
import { spline } from "../outline.ts";
import { upright } from "../solids/box.ts";

/** A pair: one shoe behind the other, a little ahead. */
export function pair(
  pieces: (near: boolean) => Piece[],
): readonly [ReturnType<typeof garment>, ReturnType<typeof garment>] {
  const frame = (x: number, z: number): Frame => upright(x, 0, z);
  return [garment(frame(5, -9), pieces(false)), garment(frame(-3, 4), pieces(true))];
}

export function dim(pieces: Piece[], near: boolean): Piece[] {
  return near ? pieces : pieces.map((piece) => ({ ...piece, light: (piece.light ?? 1) * 0.84 }));
}

export function flatSole(thick: number, colour: Hex, toe = 14.4): Piece {
  return {
    outline: spline([
      [-13.4, -thick, 1],
      [-13.2, -0.4],
      [-11, 0],
      [9, 0],
      [toe, -1.2],
      [toe + 0.2, -thick - 0.4, 1],
      [4, -thick + 0.3],
    ]),
    material: { kind: "plastic", colour },
    seams: [flow([-13, -thick * 0.45], [2, -thick * 0.4], [toe, -thick * 0.7])],
  };
}
