/** Two legs and a waistband. */
import { shade } from "../colour.ts";
import { BODY, button, flow, type Piece } from "../garment.ts";
import type { Material } from "../material.ts";
import { mirrored, type Node, spline, symmetric } from "../outline.ts";
import type { Named } from "../textile.ts";

export const TOP = BODY.waist - 1;

export function waistband(material: Material, half = 15.4): Piece {
  return {
    outline: spline(
      symmetric([
        [0, TOP],
        [half, TOP - 1, 1],
        [half + 0.6, TOP + 3.6, 1],
        [0, TOP + 4.8],
      ]),
    ),
    material,
    light: 1.02,
    trim: (drawing) => button(drawing, [0.4, TOP + 2.4], 0.9, shade(material.colour, 0.5)),
  };
}

export function legwear(
  named: Named,
  hem: number,
  knee: number,
  foot: number,
  details: { jeans: boolean; cargo: boolean; crease: boolean; cuffed: boolean },
): Piece[] {
  const { material } = named;
  const leg: Node[] = [
    [0, TOP + 2, 1],
    [15.6, TOP + 2, 1],
    [19.4, BODY.hip - 4],
    [19.6, BODY.crotch],
  ];
  if (hem > BODY.knee + 8) leg.push([10 + knee, BODY.knee]);
  leg.push([10.5 + foot, hem, 1], [10.5 - foot, hem + 0.8, 1]);
  if (hem > BODY.knee + 8) leg.push([9.4 - knee * 0.92, BODY.knee]);
  leg.push([0.6, BODY.crotch + 3], [0, BODY.crotch, 1]);
  const piece = (side: 1 | -1): Piece => {
    const place = (...nodes: Node[]) => flow(...(side > 0 ? nodes : mirrored(nodes)));
    const folds = [
      place([1, BODY.crotch + 1], [7, BODY.crotch + 3], [13, BODY.crotch - 1]),
      place([2, BODY.crotch + 4], [6, BODY.crotch + 9], [10, BODY.crotch + 9]),
    ];
    if (details.crease) folds.push(place([10.4, TOP + 8], [10.4, BODY.knee], [10.5, hem]));
    else if (hem > BODY.knee)
      folds.push(
        place([10 + knee * 0.8, BODY.knee - 6], [9, BODY.knee - 1], [10 - knee * 0.5, BODY.knee - 4]),
        place([12, BODY.knee + 12], [10.6, hem - 18], [11 + foot * 0.4, hem]),
      );
    const seams = [place([9.6, TOP + 4], [13, TOP + 12], [17.6, TOP + 13])];
    if (details.cuffed) seams.push(place([10.5 - foot - 2, hem - 4.4], [10.5 + foot + 2, hem - 5]));
    if (details.cargo) seams.push(side > 0 ? `M12 82h9v15h-9ZM12 86h9` : `M-12 82h-9v15h9ZM-12 86h-9`);
    return {
      outline: spline(side > 0 ? leg : mirrored(leg)),
      material,
      folds,
      seams,
      stitches: details.jeans
        ? [
            place([9, TOP + 4.6], [12.4, TOP + 13], [17.6, TOP + 14.2]),
            place([17.8, TOP + 5], [18.4, BODY.crotch], [10 + knee - 0.9, BODY.knee], [9.6 + foot, hem]),
          ]
        : [],
      foldWidth: 1.2,
    };
  };
  return [piece(-1), piece(1), waistband(material)];
}
