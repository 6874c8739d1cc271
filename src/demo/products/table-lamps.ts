/** Turned, task and globe lamps. */
import { type Design, made } from "../design.ts";
import type { Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import type { Node } from "../outline.ts";
import type { Random } from "../random.ts";
import { ball, lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import type { Style } from "../styles.ts";
import { coloured, metal, wood } from "../textile.ts";
import { fabricShade } from "./lampshade.ts";

export function turned(random: Random, style: Style): Design {
  const base = random.chance(0.65)
    ? coloured(random, style, [
        ["ceramic", "ceramic"],
        ["glass", "glass"],
      ])
    : wood(random, style);
  const [r, h] = [random.between(8, 13), random.between(20, 34)];
  const form = random.pick(["gourd", "ball", "column", "bottle", "stacked"] as const);
  const profiles: Record<typeof form, Node[]> = {
    gourd: [
      [r * 0.6, 0, 1],
      [r, h * 0.28],
      [r * 0.5, h * 0.58],
      [r * 0.62, h * 0.76],
      [2, h, 1],
    ],
    ball: [
      [r * 0.5, 0, 1],
      [r, h * 0.3],
      [r, h * 0.55],
      [r * 0.4, h * 0.88],
      [2, h, 1],
    ],
    column: [
      [r * 0.9, 0, 1],
      [r * 0.9, 2, 1],
      [r * 0.34, 4, 1],
      [r * 0.3, h - 2, 1],
      [2, h, 1],
    ],
    bottle: [
      [r * 0.8, 0, 1],
      [r * 0.85, h * 0.5],
      [r * 0.3, h * 0.72],
      [2.4, h, 1],
    ],
    stacked: [
      [r * 0.9, 0],
      [r, h * 0.14],
      [r * 0.5, h * 0.3],
      [r * 0.85, h * 0.46],
      [r * 0.44, h * 0.62],
      [r * 0.66, h * 0.76],
      [2, h, 1],
    ],
  };
  const {
    solid,
    named,
    form: shadeForm,
  } = fabricShade(random, style, [0, h + 3, 0], r * random.between(1.35, 1.8));
  return {
    noun: "table lamp",
    ...made(base),
    details: [`a ${form} base of ${base.name} under a ${named.colour.name} ${shadeForm} shade`],
    price: Math.round(random.between(39, 220)),
    attributes: { height_cm: Math.round(h + r * 1.8), shade: shadeForm, shade_colour: named.colour.name },
    mount: "table",
    solids: [
      lathe([0, 0, 0], profiles[form], base.material),
      rod([0, h - 1, 0], [0, h + 6, 0], 0.7, 0.7, { kind: "metal", colour: "#c9a353" }),
      solid,
    ],
  };
}

export function task(random: Random, style: Style): Design {
  const body = random.chance(0.5)
    ? coloured(random, style, [["enamel", "plastic"]], 0.6)
    : metal(random, style);
  const joint: Material = { kind: "metal", colour: "#c9a353" };
  const [elbow, wrist]: [Vector, Vector] = [
    [-random.between(8, 15), random.between(24, 32), 0],
    [random.between(8, 16), random.between(44, 54), 0],
  ];
  const head: Vector = [wrist[0] + 9, wrist[1] - 12, 0];
  return {
    noun: "task lamp",
    ...made(body),
    details: ["two jointed arms over a weighted foot", "brass joints"],
    price: Math.round(random.between(45, 190)),
    attributes: { height_cm: Math.round(wrist[1]), shade: "cone" },
    mount: "table",
    solids: [
      lathe(
        [0, 0, 0],
        [
          [10, 0, 1],
          [10, 1.6],
          [8, 2.6],
          [1.5, 3.4],
        ],
        body.material,
      ),
      rod([0, 3, 0], elbow, 0.75, 0.75, body.material),
      rod(elbow, wrist, 0.75, 0.75, body.material),
      rod([elbow[0], elbow[1], -1.4], [elbow[0], elbow[1], 1.4], 1.3, 1.3, joint),
      rod([wrist[0], wrist[1], -1.4], [wrist[0], wrist[1], 1.4], 1.3, 1.3, joint),
      rod(wrist, [head[0] - 1, head[1] + 9, 0], 0.75, 0.75, body.material),
      lathe(
        [head[0], head[1] - 2, 0],
        [
          [9, 0, 1],
          [8, 3],
          [3.4, 9],
          [2.4, 12, 1],
        ],
        body.material,
      ),
    ],
  };
}

export function globe(random: Random, style: Style): Design {
  const base = random.chance(0.5) ? metal(random, style) : wood(random, style);
  const tall = random.chance(0.45);
  const [r, h] = tall
    ? [random.between(12, 16), random.between(96, 120)]
    : [random.between(8, 12), random.between(8, 20)];
  const foot = tall ? 14 : r * 0.7;
  const opal: Material = { kind: "glass", colour: "#fbf3e2" };
  return {
    noun: tall ? "globe floor lamp" : "globe table lamp",
    ...made(base),
    details: [`an opal glass globe on ${base.name}`],
    price: Math.round(random.between(49, 260)),
    attributes: { height_cm: Math.round(h + r * 2), shade: "globe" },
    mount: tall ? "floor" : "table",
    solids: [
      lathe(
        [0, 0, 0],
        [
          [foot, 0, 1],
          [foot, 2, 1],
          [foot * 0.8, 3],
        ],
        base.material,
      ),
      rod([0, 2, 0], [0, h + 1, 0], tall ? 1 : 1.6, tall ? 1 : 1.6, base.material),
      lathe([0, h, 0], ball(r, 0.4), opal, { glowing: true, opacity: 0.6 }),
    ],
  };
}
