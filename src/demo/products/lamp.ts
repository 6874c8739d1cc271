import { type Design, made } from "../design.ts";
import type { Vector } from "../geometry.ts";
import type { Material } from "../material.ts";
import type { Node } from "../outline.ts";
import type { Random } from "../random.ts";
import { ball, lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { cloth, coloured, metal, type Named, wood } from "../textile.ts";

export function designLamp(random: Random, style: Style): Design {
  return random.pick([tripod, arc, turned, turned, pendant, task, globe])(random, style);
}

interface Shade {
  readonly solid: Solid;
  readonly named: Named;
  readonly form: string;
}

/** A shade whose lower edge is at `base`. */
function fabricShade(random: Random, style: Style, base: Vector, radius: number): Shade {
  const named = cloth(random, style, {
    kinds: [
      ["linen", "weave"],
      ["cotton", "weave"],
      ["paper", "paper"],
    ],
    repeat: 9,
    printed: style.printed * 0.5,
  });
  const form = random.pick(["drum", "cone", "bell", "pleated"] as const);
  const height = radius * random.between(0.9, 1.5);
  const profiles: Record<typeof form, Node[]> = {
    drum: [
      [radius, 0, 1],
      [radius * 0.94, height, 1],
    ],
    cone: [
      [radius, 0, 1],
      [radius * 0.5, height, 1],
    ],
    bell: [
      [radius * 1.04, 0],
      [radius * 0.74, height * 0.4],
      [radius * 0.56, height, 1],
    ],
    pleated: [
      [radius, 0, 1],
      [radius * 0.68, height, 1],
    ],
  };
  const solid = lathe(base, profiles[form], named.material, {
    hollow: true,
    glowing: true,
    inside: "#ffe9b8",
    opacity: 0.75,
    ...(form === "pleated" ? { flutes: 18 } : {}),
  });
  return { solid, named, form };
}

function tripod(random: Random, style: Style): Design {
  const legs = random.chance(0.6) ? wood(random, style) : metal(random, style);
  const [height, spread] = [random.between(118, 136), random.between(24, 32)];
  const { solid, named, form } = fabricShade(random, style, [0, height - 4, 0], random.between(22, 28));
  const feet = [0.5, 2.6, 4.7].map((angle) =>
    rod(
      [Math.cos(angle) * spread, 0, Math.sin(angle) * spread],
      [Math.cos(angle) * 2.5, height - 14, Math.sin(angle) * 2.5],
      1.2,
      1.8,
      legs.material,
    ),
  );
  const stem = rod([0, height - 18, 0], [0, height + 2, 0], 1.4, 1.4, legs.material);
  return {
    noun: "tripod floor lamp",
    ...made(named),
    details: [`a ${form} shade on three ${legs.name} legs`],
    price: Math.round(random.between(89, 290)),
    attributes: { height_cm: Math.round(height + 28), base: legs.name, shade: form },
    mount: "floor",
    solids: [...feet, stem, solid],
  };
}

function arc(random: Random, style: Style): Design {
  const body = metal(random, style);
  const dome = random.chance(0.5) ? coloured(random, style, [["enamel", "plastic"]]) : body;
  const [reach, height] = [random.between(46, 66), random.between(150, 175)];
  const points = Array.from({ length: 13 }, (_, index): Vector => {
    const angle = Math.PI * (1 - index / 12);
    return [
      -reach / 2 + ((Math.cos(angle) + 1) * reach) / 2,
      height * 0.68 + Math.sin(angle) * height * 0.3,
      0,
    ];
  });
  const solids: Solid[] = [
    lathe(
      [-reach / 2, 0, 0],
      [
        [15, 0, 1],
        [15, 3, 1],
        [13, 4],
      ],
      random.chance(0.5) ? { kind: "stone", colour: "#e6e3de" } : body.material,
    ),
    rod([-reach / 2, 3, 0], points[0]!, 1, 1, body.material),
  ];
  for (let index = 1; index < points.length; index++)
    solids.push(rod(points[index - 1]!, points[index]!, 0.9, 0.9, body.material));
  const end = points.at(-1)!;
  solids.push(rod(end, [end[0], end[1] - 10, 0], 0.5, 0.5, body.material));
  solids.push(
    lathe(
      [end[0], end[1] - 26, 0],
      [
        [17, 0, 1],
        [16, 6],
        [11, 13],
        [3, 17],
      ],
      dome.material,
    ),
  );
  return {
    noun: "arc floor lamp",
    ...made(dome),
    details: [`a ${body.name} arm that swings out over a sofa`, "a domed shade"],
    price: Math.round(random.between(129, 490)),
    attributes: { height_cm: Math.round(height), base: body.name, shade: "dome" },
    mount: "floor",
    solids,
  };
}

function turned(random: Random, style: Style): Design {
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

function pendant(random: Random, style: Style): Design {
  const woven = random.chance(0.3);
  const named: Named = woven
    ? {
        material: { kind: "rattan", colour: "#cfa871" },
        name: "rattan",
        colour: { name: "beige", hex: "#cfa871" },
        pattern: "plain",
      }
    : random.chance(0.5)
      ? metal(random, style)
      : coloured(random, style, [
          ["enamel", "plastic"],
          ["glass", "glass"],
        ]);
  const r = random.between(18, 30);
  const form = random.pick(["dome", "bell", "saucer", "drop", "cylinder"] as const);
  const profiles: Record<typeof form, Node[]> = {
    dome: [
      [r, 0, 1],
      [r * 0.92, r * 0.4],
      [r * 0.5, r * 0.8],
      [2.5, r * 0.95, 1],
      [2.5, r * 1.1, 1],
    ],
    bell: [
      [r, 0],
      [r * 0.62, r * 0.34],
      [r * 0.42, r * 0.9],
      [2.5, r * 1.25, 1],
    ],
    saucer: [
      [r * 1.1, 0, 1],
      [r * 0.95, r * 0.16],
      [r * 0.3, r * 0.36],
      [2.5, r * 0.62, 1],
    ],
    drop: [
      [r * 0.3, 0, 1],
      [r * 0.72, r * 0.4],
      [r * 0.6, r * 0.95],
      [2.5, r * 1.6, 1],
    ],
    cylinder: [
      [r * 0.5, 0, 1],
      [r * 0.5, r * 1.3, 1],
      [2.5, r * 1.4, 1],
    ],
  };
  const top = profiles[form].at(-1)![1];
  return {
    noun: "pendant lamp",
    ...made(named),
    details: [`a ${form} of ${named.name} on a cord`],
    price: Math.round(random.between(45, 320)),
    attributes: { diameter_cm: Math.round(r * 2), shade: form },
    mount: "ceiling",
    solids: [
      rod([0, top - 1, 0], [0, top + 46, 0], 0.4, 0.4, { kind: "plastic", colour: "#2c2a2c" }),
      lathe([0, 0, 0], profiles[form], named.material),
    ],
  };
}

function task(random: Random, style: Style): Design {
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

function globe(random: Random, style: Style): Design {
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
