/** Things that hang on a wall: clocks and mirrors. */
import { lightness, shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import type { Drawing } from "../drawing.ts";
import type { Material } from "../material.ts";
import {
  ellipse,
  joined,
  type Outline,
  polygon,
  polyline,
  rectangle,
  spline,
  symmetric,
} from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { paintFace } from "../solids/face.ts";
import { panel } from "../solids/panel.ts";
import { slab } from "../solids/slab.ts";
import type { Solid } from "../solids/solid.ts";
import { hue, type Style } from "../styles.ts";
import { coloured, metal, wood } from "../textile.ts";

export function designClock(random: Random, style: Style): Design {
  const named = random.pick([
    wood,
    metal,
    (r: Random, s: Style) => coloured(r, s, [["lacquer", "plastic"]], 0.5),
  ])(random, style);
  const radius = random.between(14, 21);
  const form = random.pick(["round", "round", "sunburst", "square", "octagonal"] as const);
  const sides = (count: number, r: number, turn: number) =>
    polygon(
      Array.from(
        { length: count },
        (_, index) =>
          [
            r * Math.cos((index / count) * 2 * Math.PI + turn),
            r * Math.sin((index / count) * 2 * Math.PI + turn),
          ] as const,
      ),
    );
  const shape = (r: number): Outline =>
    form === "square"
      ? rectangle(-r, -r, 2 * r, 2 * r, r * 0.16)
      : form === "octagonal"
        ? sides(8, r * 1.06, Math.PI / 8)
        : ellipse(0, 0, r);
  const dial = hue(random.pick(["white", "ivory", "black", "navy", ...style.accents.slice(0, 1)]));
  const open = random.chance(0.2) && form !== "sunburst";
  const body = form === "sunburst" ? radius * 0.55 : radius;
  const solids: Solid[] = [];
  const frame = upright(0, 0, 0);
  if (form === "sunburst") {
    for (let ray = 0; ray < 24; ray++) {
      const angle = (ray / 24) * 2 * Math.PI;
      const long = radius * (ray % 2 ? 1.05 : 1.35);
      const spike = polygon([
        [Math.cos(angle - 0.07) * body * 0.8, Math.sin(angle - 0.07) * body * 0.8],
        [Math.cos(angle) * long, Math.sin(angle) * long],
        [Math.cos(angle + 0.07) * body * 0.8, Math.sin(angle + 0.07) * body * 0.8],
      ]);
      solids.push(slab(frame, spike, 0.8, named.material));
    }
  }
  const rim = open ? joined(shape(body), shape(body * 0.88)) : shape(body);
  solids.push(slab({ ...frame, origin: [0, 0, 2] }, rim, 3, named.material));
  const numerals = random.pick(["ticks", "dots", "quarters"] as const);
  const ink = lightness(open ? style.walls[0]! : dial.hex) > 0.55 ? "#26262a" : "#efe9da";
  solids.push(
    panel(
      upright(0, 0, 2.2),
      [shape(body * 0.9)],
      (drawing, _view, pixel) => {
        if (open) drawing.mark(shape(body * 0.9).points);
        else paintFace(drawing, shape(body * 0.9), { kind: "paper", colour: dial.hex }, 1, pixel, 0.1);
        drawDial(drawing, body * 0.9, numerals, ink, pixel, secondHand(named.material));
      },
      open ? 0.12 : 1,
    ),
  );
  return {
    noun: form === "sunburst" ? "sunburst clock" : "wall clock",
    ...made(named),
    details: [
      `a ${form === "sunburst" ? "round" : form} ${open ? "open frame" : `${dial.name} dial`} marked with ${numerals}`,
      "slim hands at ten past ten",
    ],
    price: Math.round(random.between(29, 190)),
    attributes: { form, diameter_cm: Math.round(radius * 2), ...(open ? {} : { dial: dial.name }) },
    mount: "wall",
    solids,
  };
}

/** The colour of the second hand. */
function secondHand({ colour }: Material): `#${string}` {
  return lightness(colour) > 0.75 || lightness(colour) < 0.3 ? "#c4502f" : colour;
}

function drawDial(
  drawing: Drawing,
  r: number,
  numerals: string,
  ink: `#${string}`,
  pixel: number,
  second: `#${string}`,
): void {
  for (let hour = 0; hour < 12; hour++) {
    const angle = (hour / 12) * 2 * Math.PI;
    const quarter = hour % 3 === 0;
    if (numerals === "quarters" && !quarter) continue;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    if (numerals === "dots")
      drawing.fill(ellipse(cos * r * 0.82, sin * r * 0.82, r * (quarter ? 0.05 : 0.03)), ink);
    else
      drawing.stroke(
        polyline([
          [cos * r * (quarter ? 0.7 : 0.78), sin * r * (quarter ? 0.7 : 0.78)],
          [cos * r * 0.88, sin * r * 0.88],
        ]),
        ink,
        r * (quarter ? 0.045 : 0.025),
      );
  }
  const hand = (turn: number, long: number, width: number, colour: string) => {
    const [x, y] = [Math.sin(turn) * r * long, -Math.cos(turn) * r * long];
    const line = polyline([
      [-x * 0.16, -y * 0.16],
      [x, y],
    ]);
    drawing.group(`transform="translate(${(pixel * 1.5).toFixed(2)} ${(pixel * 2).toFixed(2)})"`, () =>
      drawing.stroke(line, "#000000", r * width, 0.16),
    );
    drawing.stroke(line, colour, r * width);
  };
  hand((-55 * Math.PI) / 180, 0.48, 0.07, ink);
  hand((60 * Math.PI) / 180, 0.72, 0.05, ink);
  hand((205 * Math.PI) / 180, 0.76, 0.018, second);
  drawing.fill(ellipse(0, 0, r * 0.05), second);
}

export function designMirror(random: Random, style: Style): Design {
  const named = random.pick([
    wood,
    metal,
    metal,
    (r: Random, s: Style) => coloured(r, s, [["lacquer", "plastic"]], 0.6),
    () => ({
      material: { kind: "rattan", colour: "#c9a46c" } as const,
      name: "rattan",
      colour: { name: "beige", hex: "#c9a46c" as const },
      pattern: "plain" as const,
    }),
  ])(random, style);
  const form = random.pick(["round", "oval", "arched", "rectangular", "organic", "sunray"] as const);
  const [w, h] =
    form === "round" || form === "sunray" ? [36, 36] : [random.between(26, 34), random.between(44, 60)];
  const edge = random.between(1.4, 5);
  const shape = (grow: number): Outline => {
    const [x, y] = [w + grow, h + grow];
    switch (form) {
      case "round":
      case "sunray":
      case "oval":
        return ellipse(0, 0, x, y);
      case "arched":
        return spline(
          symmetric([
            [0, -y],
            [x * 0.72, -y + x * 0.3],
            [x, -y + x, 0],
            [x, 0, 1],
            [x, y, 1],
          ]),
        );
      case "rectangular":
        return rectangle(-x, -y, 2 * x, 2 * y, 3);
      case "organic":
        return spline([
          [-x * 0.2, -y],
          [x * 0.7, -y * 0.8],
          [x, -y * 0.1],
          [x * 0.66, y * 0.7],
          [-x * 0.1, y],
          [-x * 0.9, y * 0.62],
          [-x * 0.8, -y * 0.2],
          [-x * 0.8, -y * 0.76],
        ]);
    }
  };
  const solids: Solid[] = [];
  if (form === "sunray") {
    for (let ray = 0; ray < 36; ray++) {
      const angle = (ray / 36) * 2 * Math.PI;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      const long = 36 + (ray % 2 ? 12 : 19);
      const side = 1.2;
      solids.push(
        slab(
          upright(0, 0, 0),
          polygon([
            [cos * 34 - sin * side, sin * 34 + cos * side],
            [cos * long - sin * side, sin * long + cos * side],
            [cos * long + sin * side, sin * long - cos * side],
            [cos * 34 + sin * side, sin * 34 - cos * side],
          ]),
          1,
          named.material,
        ),
      );
    }
  }
  solids.push(slab(upright(0, 0, 2), shape(edge), 3, named.material));
  const glass = shape(0);
  const sky = hue(random.pick(["sky", "stone", "mint"])).hex;
  solids.push(
    panel(upright(0, 0, 2.1), [glass], (drawing, view, pixel) => {
      drawing.clipped([glass], () => {
        const top = drawing.linear(
          [-w, -h],
          [w, h],
          [
            [0, shade(sky, 1.7)],
            [0.45, shade(sky, 1.15)],
            [1, shade(sky, 0.72)],
          ],
        );
        drawing.fill(glass, top);
        drawing.soften(
          `M${-w * 1.2} ${h * 0.45}L${w * 1.2} ${h * 0.3}V${h * 1.2}H${-w * 1.2}Z`,
          shade(sky, 0.62),
          0.45,
          pixel * 10,
        );
        const lean = view.light[0] < 0 ? 1 : -1;
        for (const [at, width] of [
          [-0.55, 0.34],
          [0.1, 0.12],
        ] as const) {
          drawing.fill(
            polygon([
              [w * (at + 0.5) * lean, -h * 1.1],
              [w * (at + width + 0.5) * lean, -h * 1.1],
              [w * (at + width - 0.5) * lean, h * 1.1],
              [w * (at - 0.5) * lean, h * 1.1],
            ]),
            "#ffffff",
            0.24,
          );
        }
      });
      drawing.stroke(glass, shade(named.material.colour, 0.4), pixel * 2.4, 0.55);
      drawing.mark(glass.points);
    }),
  );
  return {
    noun: `${form} mirror`,
    ...made(named),
    details: [`a ${edge > 3.5 ? "broad" : "slender"} frame of ${named.name}`],
    price: Math.round(random.between(49, 390)),
    attributes: { form, width_cm: Math.round(w * 2), height_cm: Math.round(h * 2) },
    mount: "wall",
    solids,
  };
}
