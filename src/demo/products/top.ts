/** T-shirts, jumpers, blouses, cardigans and camisoles. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { button, flow, garment, type Piece, sleeve, WORN } from "../garment.ts";
import { ellipse, mirrored, type Node, spline, symmetric } from "../outline.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { type ClothOptions, cloth } from "../textile.ts";
import { backNeck, neckline, PRINTS } from "./neckline.ts";

const TOP_CLOTHS: Record<string, ClothOptions["kinds"]> = {
  "t-shirt": [
    ["cotton", "paper"],
    ["linen", "weave"],
  ],
  jumper: [
    ["wool knit", "knit"],
    ["cashmere knit", "knit"],
  ],
  camisole: [
    ["silk", "silk"],
    ["satin", "silk"],
  ],
  blouse: [
    ["silk", "silk"],
    ["cotton", "weave"],
    ["linen", "weave"],
  ],
  "tank top": [
    ["ribbed cotton", "knit"],
    ["cotton", "paper"],
  ],
  cardigan: [["wool knit", "knit"]],
};

export function designTop(random: Random, style: Style): Design {
  const noun = random.pick([
    "t-shirt",
    "jumper",
    "jumper",
    "blouse",
    "tank top",
    "cardigan",
    "camisole",
  ] as const);
  const named = cloth(random, style, {
    kinds: TOP_CLOTHS[noun]!,
    repeat: 9,
    printed: Math.min(0.7, style.printed + 0.2),
    prints: PRINTS,
  });
  const { material } = named;
  const neck =
    noun === "cardigan"
      ? "v-neck"
      : noun === "camisole"
        ? "scoop"
        : random.pick(
            noun === "jumper"
              ? (["crew", "turtleneck", "v-neck", "boat"] as const)
              : (["crew", "v-neck", "boat", "scoop"] as const),
          );
  const loose = noun === "jumper" || noun === "cardigan" ? random.between(2, 5) : random.between(-1, 3);
  const hem = noun === "camisole" ? 56 : random.between(50, 68);
  const bare = noun === "tank top" || noun === "camisole";
  const [waist, foot] = [16.5 + loose, 18 + loose];
  const right: Node[] = bare
    ? [
        ...neckline("scoop"),
        [noun === "camisole" ? 10.6 : 13, -0.4, 1],
        [13.6, 13],
        [17.6, 24, 1],
        [waist - 1, 42],
        [foot, hem, 1],
        [0, hem + 1],
      ]
    : [
        ...neckline(neck),
        [18.8, 4.4, 1],
        [18.4 + loose * 0.5, 14],
        [18 + loose, 26, 1],
        [waist, 43],
        [foot, hem, 1],
        [0, hem + 1.2],
      ];
  const ribbed = noun === "jumper" || noun === "cardigan";
  const length = bare
    ? 0
    : ribbed
      ? 1
      : noun === "blouse"
        ? random.pick([0.6, 0.98])
        : random.pick([0.3, 0.3, 0.62]);
  const puff = noun === "blouse" ? random.between(1, 4) : 0;
  const cuff = noun === "blouse" && length > 0.9 ? 4 : length > 0.9 ? 4.6 : 7.4 + loose * 0.4;
  const front = bare ? [...neckline("scoop").slice(0, -1), right[2]!] : neckline(neck);
  const pieces: Piece[] = [
    neck === "turtleneck"
      ? { outline: ellipse(0, -5.8, 7.4, 1.6), material, light: 0.5, flat: true }
      : backNeck(front, material),
  ];
  if (!bare) {
    for (const side of [-1, 1] as const) {
      const { outline, cuffLine, fold } = sleeve(side, {
        length,
        shoulder: 9 + loose * 0.5,
        cuff,
        puff,
        out: loose * 0.35,
      });
      pieces.push({
        outline,
        material,
        light: 0.93,
        folds: fold,
        seams: [flow(...cuffLine.map(([x, y]): Node => [x - side * 0.8, y - 3]))],
      });
    }
  }
  const placket = noun === "cardigan" || (noun === "blouse" && random.chance(0.5));
  const colour = hue(random.pick(["ivory", "charcoal", "camel"])).hex;
  pieces.push({
    outline: spline(symmetric(right)),
    material,
    folds: [
      flow([15, 27], [9, 32], [4, 33]),
      flow([-15, 28], [-10, 36], [-6, 38]),
      flow([waist * 0.7, 40], [waist * 0.5, 52], [waist * 0.62, hem]),
      flow([-waist * 0.62, 42], [-waist * 0.44, 52], [-waist * 0.5, hem]),
    ],
    seams: [
      ...(ribbed
        ? [flow([-foot, hem - 5], [0, hem - 4], [foot, hem - 5])]
        : [flow([-foot, hem - 1.6], [0, hem - 0.6], [foot, hem - 1.6])]),
      ...(placket ? [flow([0, 5], [0, hem + 2])] : []),
    ],
    trim: (drawing) => {
      const line = flow(...mirrored(neckline(neck)).reverse(), ...neckline(neck).slice(1));
      if (!bare)
        drawing.stroke({ d: line, points: [] }, shade(material.colour, 0.72), ribbed ? 2.6 : 1.6, 0.55);
      if (placket)
        for (let y = neck === "v-neck" ? 21 : 10; y < hem - 3; y += 8) button(drawing, [1.2, y], 0.9, colour);
      if (ribbed)
        for (let x = -foot; x < foot; x += 1.6)
          drawing.stroke(
            { d: `M${x} ${hem - 4}V${hem + 2}`, points: [] },
            shade(material.colour, 0.5),
            0.35,
            0.4,
          );
    },
  });
  if (noun === "camisole") {
    for (const side of [-1, 1])
      pieces.unshift({
        outline: spline([
          [side * 10, 0.5, 1],
          [side * 10.8, 0.5, 1],
          [side * 9, -7, 1],
          [side * 8.4, -7, 1],
        ]),
        material,
        flat: true,
      });
  }
  return {
    noun,
    ...made(named),
    details: [
      bare
        ? "cut without sleeves"
        : `${neck === "v-neck" ? "a v-neck" : neck === "turtleneck" ? "a turtleneck" : `a ${neck} neck`} and ${length > 0.9 ? "long" : length > 0.5 ? "three-quarter" : "short"} sleeves`,
      ...(placket ? ["buttons down the front"] : []),
    ],
    price: Math.round(random.between(15, 120)),
    attributes: {
      neckline: neck,
      sleeves: bare ? "none" : length > 0.9 ? "long" : length > 0.5 ? "three-quarter" : "short",
    },
    mount: "hanging",
    solids: [garment(WORN, pieces)],
  };
}
