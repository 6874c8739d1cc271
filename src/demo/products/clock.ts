/** Wall clocks. */
import { lightness } from "../colour.ts";
import { type Design, made } from "../design.ts";
import type { Drawing } from "../drawing.ts";
import type { Material } from "../material.ts";
import { ellipse, joined, type Outline, polygon, polyline, rectangle } from "../outline.ts";
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
