/** Coats and jackets. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { BODY, button, flow, garment, type Piece, sleeve, WORN } from "../garment.ts";
import { ellipse, type Node, rectangle, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { cloth } from "../textile.ts";
import { HEMS, KINDS } from "./coat-kinds.ts";

export function designCoat(random: Random, style: Style): Design {
  const noun = random.pick([
    "trench coat",
    "wool coat",
    "wool coat",
    "blazer",
    "puffer jacket",
    "biker jacket",
    "denim jacket",
  ] as const);
  const base = cloth(random, style, {
    kinds: KINDS[noun]!,
    repeat: 8,
    printed: noun === "wool coat" || noun === "blazer" ? style.printed * 0.6 : 0,
    prints: ["checked", "herringbone"],
  });
  const fixed =
    noun === "denim jacket"
      ? hue(random.pick(["denim", "sky", "navy"]))
      : noun === "trench coat"
        ? hue(random.pick(["beige", "sand", "camel", "navy", "olive"]))
        : base.colour;
  const named = { ...base, colour: fixed, material: { ...base.material, colour: fixed.hex } };
  const { material } = named;
  const hem = random.between(...HEMS[noun]!);
  const belted = noun === "trench coat" || (noun === "wool coat" && random.chance(0.4));
  const loose = noun === "puffer jacket" ? 6 : random.between(3, 5.5);
  const double = noun === "trench coat" || (noun !== "puffer jacket" && random.chance(0.35));
  const waist = belted ? 16.6 : 18 + loose * 0.6;
  const flare = 20 + loose + (hem > 80 ? 5 : 0);
  const right: Node[] = [
    [0, 20, 1],
    [7, -1, 1],
    [19.6, 4.4, 1],
    [19.6 + loose * 0.5, 14],
    [19 + loose * 0.8, 27, 1],
    [waist + 1, BODY.waist],
    ...(hem > 66 ? ([[flare - 2, BODY.hip]] as Node[]) : []),
    [flare, hem, 1],
    [0, hem + 1],
  ];
  const pieces: Piece[] = [
    {
      outline: spline(
        symmetric([
          [0, -2.4],
          [6.8, -2.4],
          [7, 6],
          [0, 22, 1],
        ]),
      ),
      material: { kind: "silk", colour: shade(material.colour, 0.55) },
      light: 0.8,
      flat: true,
    },
  ];
  const puffy = noun === "puffer jacket";
  for (const side of [-1, 1] as const) {
    const { outline, cuffLine, fold } = sleeve(side, {
      length: 1,
      shoulder: 10 + loose * 0.4,
      cuff: puffy ? 6 : 6.4,
      puff: puffy ? 2 : 0.6,
      out: loose * 0.4,
    });
    const rings = puffy
      ? [22, 32, 42, 52, 61].map((y) =>
          flow(
            [side * (14 + y * 0.1), y + 4],
            [side * (24 + y * 0.15), y + 2],
            [side * (36 + y * 0.12), y - 3],
          ),
        )
      : [];
    pieces.push({
      outline,
      material,
      light: 0.9,
      folds: puffy ? rings : fold,
      foldWidth: puffy ? 2 : 1.3,
      seams: puffy ? rings : [flow(...cuffLine.map(([x, y]): Node => [x - side * 1.6, y - 6]))],
    });
  }
  const quilt = puffy
    ? Array.from({ length: 6 }, (_, index) => 16 + index * 9.5)
        .filter((y) => y < hem - 4)
        .map((y) => flow([-flare, y], [0, y + 1.6], [flare, y]))
    : [];
  const pocketY = hem > 80 ? 64 : hem > 60 ? 54 : 38;
  const metal = noun === "biker jacket" || puffy ? "#c3c7cc" : shade(material.colour, 0.5);
  const seams = [...quilt, ...(double ? [flow([6, 20], [7, hem])] : [flow([0, 20], [0.3, hem])])];
  if (noun === "biker jacket")
    seams.push(flow([-8, 12], [-3, 30], [-2, hem]), flow([6, 36], [14, 33]), flow([-15, 38], [-7, 41]));
  if (noun === "denim jacket")
    seams.push(
      flow([-19, 17], [0, 18], [19, 17]),
      "M-15 19h10l-1 12h-8Z",
      "M5 19h10l-1 12h-8Z",
      flow([-12, 32], [-8, hem]),
      flow([12, 32], [8, hem]),
      flow([-22, hem - 5], [22, hem - 5]),
    );
  pieces.push({
    outline: spline(symmetric(right)),
    material,
    folds: puffy
      ? quilt
      : [
          flow([17, 30], [11, 36], [6, 38]),
          flow([-16, 30], [-11, 38], [-8, 41]),
          flow([waist * 0.7, 46], [flare * 0.6, hem * 0.72], [flare * 0.66, hem]),
          flow([-waist * 0.66, 48], [-flare * 0.5, hem * 0.74], [-flare * 0.56, hem]),
        ],
    foldWidth: puffy ? 2.4 : 1.6,
    seams,
    stitches:
      noun === "denim jacket" ? [flow([-19, 18.4], [0, 19.4], [19, 18.4]), flow([2, 20], [2, hem])] : [],
    trim: (drawing) => {
      if (noun !== "biker jacket" && noun !== "denim jacket")
        for (const side of [-1, 1]) {
          drawing.add(
            `<path d="${rectangle(side * (flare * 0.56) - 6, pocketY, 12, noun === "blazer" ? 4 : 3, 0.6).d}" fill="${shade(material.colour, 0.9)}" stroke="${shade(material.colour, 0.4)}" stroke-width=".35" transform="rotate(${side * -6} ${side * flare * 0.56} ${pocketY})"/>`,
          );
        }
      if (puffy || noun === "biker jacket")
        drawing.stroke(
          { d: puffy ? `M0 4V${hem}` : flow([-8, 12], [-3, 30], [-2, hem]), points: [] },
          metal,
          0.9,
          0.9,
          'stroke-dasharray="0.8 0.5"',
        );
      else
        for (
          let y = noun === "blazer" ? 36 : 26;
          y < (noun === "blazer" ? 52 : Math.min(hem - 12, 84));
          y += noun === "blazer" ? 10 : 13
        )
          for (const x of double ? [-6, 5] : [1.6])
            button(
              drawing,
              [x, y],
              noun === "denim jacket" ? 0.9 : 1.4,
              noun === "denim jacket" ? "#b98a4e" : shade(material.colour, 0.5),
            );
    },
  });
  if (noun === "puffer jacket")
    pieces.push({
      outline: spline(
        symmetric([
          [0, -5],
          [8.4, -6, 1],
          [9.6, 3],
          [0, 7],
        ]),
      ),
      material,
      light: 0.96,
      folds: [flow([-9, 0], [0, 2], [9, 0])],
      foldWidth: 1.6,
    });
  else {
    const wide = noun === "denim jacket" ? 9 : random.between(11, 15);
    for (const side of [-1, 1]) {
      if (noun !== "denim jacket")
        pieces.push({
          outline: spline([
            [side * 0.6, double ? 26 : 21, 1],
            [side * 6.4, -2, 1],
            [side * wide, 9, 1],
            [side * (wide - 2.6), 11, 1],
            [side * (wide - 1), 13.4, 1],
          ]),
          material,
          light: 1.02,
          flat: true,
        });
      pieces.push({
        outline: spline([
          [side * (noun === "denim jacket" ? 1 : 3), noun === "denim jacket" ? 6 : 9, 1],
          [side * 6, -3.4, 1],
          [side * 10.4, 1.6, 1],
          [side * (noun === "denim jacket" ? 8 : wide - 0.6), 9.4, 1],
        ]),
        material,
        light: 1.06,
        flat: true,
      });
    }
  }
  if (belted) {
    const y = BODY.waist;
    pieces.push({
      outline: spline(
        symmetric([
          [0, y - 1.4],
          [waist + 2, y - 2.6, 1],
          [waist + 2, y + 2, 1],
          [0, y + 3.4],
        ]),
      ),
      material,
      light: 0.95,
      stitches: [flow([-waist, y - 1.4], [0, y - 0.2], [waist, y - 1.4])],
    });
    pieces.push({
      outline: spline([
        [4, y, 1],
        [7, y, 1],
        [9, y + 22, 1],
        [5.4, y + 23, 1],
      ]),
      material,
      light: 0.9,
    });
    pieces.push({ outline: ellipse(4.6, y + 0.8, 2.6, 2.9), material, light: 0.98 });
  }
  return {
    noun,
    ...made(named),
    details: [
      puffy
        ? "quilted in broad channels with a stand collar"
        : `${double ? "double" : "single"}-breasted with ${noun === "denim jacket" ? "a shirt collar" : "notched lapels"}`,
      hem > 80 ? "falls below the knee" : "hip length",
      ...(belted ? ["a belt at the waist"] : []),
    ],
    price: Math.round(random.between(79, 590)),
    attributes: {
      length: hem > 80 ? "long" : hem > 60 ? "hip" : "cropped",
      breasted: double ? "double" : "single",
    },
    mount: "hanging",
    solids: [garment(WORN, pieces)],
  };
}
