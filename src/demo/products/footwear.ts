/** Shoes and boots, seen from the side: the heel at x = -13, the toe at x = 14, the ground at y = 0. */
import { type Hex, mix, shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { flow, garment, type Piece } from "../garment.ts";
import type { Frame } from "../geometry.ts";
import type { Material } from "../material.ts";
import { ellipse, type Node, spline } from "../outline.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { hue, type Style } from "../styles.ts";
import { cloth, coloured, type Named } from "../textile.ts";

/** A pair: one shoe behind the other, a little ahead. */
function pair(
  pieces: (near: boolean) => Piece[],
): readonly [ReturnType<typeof garment>, ReturnType<typeof garment>] {
  const frame = (x: number, z: number): Frame => upright(x, 0, z);
  return [garment(frame(5, -9), pieces(false)), garment(frame(-3, 4), pieces(true))];
}

function dim(pieces: Piece[], near: boolean): Piece[] {
  return near ? pieces : pieces.map((piece) => ({ ...piece, light: (piece.light ?? 1) * 0.84 }));
}

function flatSole(thick: number, colour: Hex, toe = 14.4): Piece {
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

export function designShoes(random: Random, style: Style): Design {
  return random.pick([sneakers, sneakers, pumps, loafers, sandals, flats])(random, style);
}

function sneakers(random: Random, style: Style): Design {
  const named = coloured(
    random,
    style,
    [
      ["canvas", "weave"],
      ["leather", "leather"],
      ["suede", "velvet"],
    ],
    0.3,
  );
  const high = random.chance(0.35);
  const thick = random.between(2.4, 4.2);
  const top = high ? -15.5 : -9.4;
  const trim = hue(random.pick([...style.accents, "white", "black"])).hex;
  const sole = random.pick(["#f4f1e9", "#f4f1e9", "#c9986a", "#2a2a2d"] as const);
  const pieces = (near: boolean): Piece[] => {
    const upper: Piece = {
      outline: spline([
        [-13, -thick + 0.6, 1],
        [-13.4, -7],
        [-12.6, top, 1],
        [-8, top + 1.2],
        [-3.4, top + (high ? -0.2 : 0.4), 1],
        [-1.6, top + 2],
        [5, -6.8],
        [11.6, -5.2],
        [14.2, -thick + 0.4, 1],
      ]),
      material: named.material,
      folds: [flow([6, -6.4], [7.6, -5], [7.4, -3.6])],
      foldWidth: 0.6,
      seams: [flow([-4.6, -thick], [-2, -6.6], [-1.4, top + 2]), flow([7.4, -thick], [6.4, -5], [7, -6.6])],
      trim: (drawing) => {
        const stripe = spline([
          [-8.4, -thick, 1],
          [-5, -thick, 1],
          [-1, -8.6, 1],
          [-3.6, -8.6, 1],
        ]);
        drawing.fill(stripe, trim, 0.95);
        drawing.fill(
          spline([
            [-14, -8, 1],
            [-10.8, -8.2, 1],
            [-11.2, top - 1, 1],
            [-14, top - 1, 1],
          ]),
          trim,
          0.9,
        );
        for (let lace = 0; lace < (high ? 6 : 4); lace++) {
          const part = lace / (high ? 5 : 3);
          const [x, y] = [-2 + part * 6, top + 2.6 + part * (-7.4 - top - 1.6)];
          drawing.stroke({ d: flow([x - 1.6, y + 1.6], [x + 1.4, y - 0.2]), points: [] }, "#faf7f0", 0.75);
        }
      },
    };
    return dim(
      [
        {
          outline: spline([
            [-12, top, 1],
            [-3.6, top, 1],
            [-5, top + 2.4],
            [-11, top + 2.6],
          ]),
          material: { kind: "weave", colour: shade(named.material.colour, 0.5) },
          flat: true,
        },
        upper,
        flatSole(thick, sole),
      ],
      near,
    );
  };
  return {
    noun: high ? "high-top trainers" : "trainers",
    ...made(named),
    details: [
      `laced, on a ${thick > 3.4 ? "chunky" : "slim"} rubber sole`,
      "a contrasting stripe and heel tab",
    ],
    price: Math.round(random.between(39, 160)),
    attributes: { heel: "flat", closure: "laces", height: high ? "high" : "low" },
    mount: "table",
    solids: pair(pieces),
  };
}

function pumps(random: Random, style: Style): Design {
  const named = coloured(random, { ...style, hues: [...style.hues, ...style.accents] }, [
    ["patent leather", "plastic"],
    ["suede", "velvet"],
    ["satin", "silk"],
  ]);
  const heel = random.between(5, 10.5);
  const block = random.chance(0.4);
  const round = random.chance(0.4);
  const bow = random.chance(0.3);
  const strap = random.chance(0.35);
  const m = named.material;
  const pieces = (near: boolean): Piece[] => {
    const all: Piece[] = [
      {
        outline: block
          ? spline([
              [-12.6, -heel - 1.4, 1],
              [-7.4, -heel + 0.8, 1],
              [-8, 0, 1],
              [-12.2, 0, 1],
            ])
          : spline([
              [-12.8, -heel - 1.4, 1],
              [-8, -heel + 1],
              [-10.6, -heel * 0.4],
              [-11, 0, 1],
              [-12.2, 0, 1],
              [-12.4, -heel * 0.5],
            ]),
        material: m,
        light: 0.85,
      },
      {
        outline: spline([
          [-11.6, -heel - 4, 1],
          [-2, -heel * 0.7 - 2.8],
          [6, -4.4, 1],
          [5, -2.4],
          [-8, -heel - 1.4],
        ]),
        material: { kind: "leather", colour: mix("#d9b48c", m.colour, 0.15) },
        flat: true,
        light: 0.8,
      },
      {
        outline: spline([
          [-12.8, -heel - 0.6, 1],
          [-13, -heel - 5.4, 1],
          [-10.6, -heel - 4],
          [-2, -heel * 0.66 - 2.4],
          [4, -4.2],
          [8, -4.6],
          [round ? 13 : 12, -2.6],
          [round ? 14 : 15.8, -0.4, 1],
          [8, 0],
          [3, -0.4],
          [-3, -heel * 0.56],
          [-8, -heel + 0.4],
        ]),
        material: m,
        folds: [],
      },
    ];
    if (strap)
      all.push({
        outline: spline([
          [-11.6, -heel - 5.6, 1],
          [-5, -heel - 7.6],
          [1, -heel * 0.5 - 6],
          [2, -heel * 0.5 - 4.6, 1],
          [-5, -heel - 6.2],
          [-11.6, -heel - 4.4, 1],
        ]),
        material: m,
      });
    if (bow)
      for (const side of [-1, 1])
        all.push({
          outline: spline([
            [7.4, -4.6, 1],
            [7.4 + side * 3.2, -6.8],
            [7.4 + side * 3, -3.4],
          ]),
          material: m,
          light: 1.06,
        });
    return dim(all, near);
  };
  return {
    noun: strap ? "mary-jane pumps" : "pumps",
    ...made(named),
    details: [
      `a ${block ? "block" : "slender"} heel of ${Math.round(heel)} cm`,
      round ? "a round toe" : "a pointed toe",
      ...(bow ? ["a small bow"] : []),
    ],
    price: Math.round(random.between(49, 240)),
    attributes: {
      heel: block ? "block" : "stiletto",
      heel_cm: Math.round(heel),
      toe: round ? "round" : "pointed",
    },
    mount: "table",
    solids: pair(pieces),
  };
}

function loafers(random: Random, style: Style): Design {
  const named = cloth(random, style, { kinds: [["leather", "leather"]], repeat: 5 });
  const brogue = random.chance(0.5);
  const m = named.material;
  const dark = shade(m.colour, 0.4);
  const pieces = (near: boolean): Piece[] =>
    dim(
      [
        {
          outline: spline([
            [-11.8, -8.4, 1],
            [-2, -8.6, 1],
            [-3, -6.6],
            [-11, -6.2],
          ]),
          material: { kind: "leather", colour: shade(m.colour, 0.5) },
          flat: true,
        },
        {
          outline: spline([
            [-13, -1.8, 1],
            [-13.2, -6],
            [-12.2, -8.6, 1],
            [-7, -7.2],
            [brogue ? -3 : -1, brogue ? -8.8 : -8, 1],
            [4, -6.8],
            [11, -5],
            [14.6, -2.6],
            [14.4, -1.6, 1],
          ]),
          material: m,
          seams: [flow([3.6, -6.6], [7, -5.4], [12.6, -3.4]), flow([-4.6, -1.8], [-3.4, -5], [-3, -8.4])],
          stitches: [flow([-12.8, -2.6], [0, -2.4], [14, -2.6])],
          trim: (drawing) => {
            if (brogue) {
              for (let lace = 0; lace < 3; lace++)
                drawing.stroke(
                  {
                    d: flow([-2 + lace * 1.9, -7.6 + lace * 0.4], [0.4 + lace * 1.9, -8.4 + lace * 0.6]),
                    points: [],
                  },
                  dark,
                  0.7,
                );
              for (let hole = 0; hole < 9; hole++)
                drawing.fill(
                  ellipse(8.4 + Math.cos(hole * 0.7) * 1.6, -4.2 + Math.sin(hole * 0.7) * 0.9, 0.22),
                  dark,
                );
            } else {
              drawing.fill(
                spline([
                  [0, -8.6, 1],
                  [3.6, -7.6, 1],
                  [4.8, -1.4, 1],
                  [1, -1.4, 1],
                ]),
                shade(m.colour, 0.8),
              );
              drawing.fill(ellipse(2.2, -6, 0.9, 0.5), "#c9a353");
            }
          },
        },
        {
          outline: spline([
            [-13.4, -2, 1],
            [-13.2, 0, 1],
            [-7, 0, 1],
            [-6.6, -0.6, 1],
            [4, -0.4],
            [12, 0],
            [15, -1.2],
            [14.8, -2, 1],
          ]),
          material: { kind: "leather", colour: brogue ? "#2b2320" : shade(m.colour, 0.4) },
        },
      ],
      near,
    );
  return {
    noun: brogue ? "brogues" : "penny loafers",
    ...made(named),
    details: [
      brogue ? "laced, with punched toe caps" : "a saddle strap over the instep",
      "stitched leather soles",
    ],
    price: Math.round(random.between(69, 260)),
    attributes: { heel: "flat", closure: brogue ? "laces" : "slip-on" },
    mount: "table",
    solids: pair(pieces),
  };
}

function sandals(random: Random, style: Style): Design {
  const named = coloured(
    random,
    style,
    [
      ["leather", "leather"],
      ["suede", "velvet"],
    ],
    0.5,
  );
  const thick = random.between(1.4, 5);
  const m = named.material;
  const cork: Material = { kind: "leather", colour: "#c79a68" };
  const bands = random.integer(2, 3);
  const pieces = (near: boolean): Piece[] => {
    const all: Piece[] = [
      {
        outline: spline([
          [-13.2, -thick - 1, 1],
          [-13, 0, 1],
          [8, 0],
          [14.4, -thick * 0.5],
          [14, -thick - 0.4],
          [4, -thick - 0.2],
          [-5, -thick - 1.6],
        ]),
        material: cork,
        stitches: [flow([-12.8, -thick * 0.5], [0, -thick * 0.45], [13.6, -thick * 0.6])],
      },
    ];
    for (let band = 0; band < bands; band++) {
      const x = 8.6 - band * 5.4;
      const lift = 4 + band * 1.2;
      all.push({
        outline: spline([
          [x + 2, -thick + 0.2, 1],
          [x + 1, -thick - lift],
          [x - 2.4, -thick - lift - 0.8, 1],
          [x - 4.6, -thick - lift + 0.4, 1],
          [x - 2.6, -thick + 0.2, 1],
        ]),
        material: m,
      });
    }
    all.push({
      outline: spline([
        [-12.6, -thick - 1, 1],
        [-13, -thick - 8.4, 1],
        [-4, -thick - 9.8],
        [-1.4, -thick - 7.8, 1],
        [-3, -thick - 7.4],
        [-10.8, -thick - 6.6],
        [-10.4, -thick - 1, 1],
      ]),
      material: m,
      trim: (drawing) =>
        drawing.add(
          `<rect x="-6" y="${-thick - 9.4}" width="2" height="2" rx=".4" fill="none" stroke="#c9a353" stroke-width=".5"/>`,
        ),
    });
    return dim(all, near);
  };
  return {
    noun: "sandals",
    ...made(named),
    details: [`${bands} straps over a ${thick > 3 ? "platform" : "flat"} cork sole`, "a buckle at the ankle"],
    price: Math.round(random.between(29, 120)),
    attributes: { heel: thick > 3 ? "platform" : "flat", closure: "buckle" },
    mount: "table",
    solids: pair(pieces),
  };
}

function flats(random: Random, style: Style): Design {
  const named: Named = cloth(random, style, {
    kinds: [
      ["leather", "leather"],
      ["suede", "velvet"],
      ["printed canvas", "weave"],
    ],
    repeat: 4,
    printed: 0.9,
    prints: ["floral", "dotted", "checked"],
  });
  const m = named.material;
  const bow = hue(random.pick(style.accents)).hex;
  const pieces = (near: boolean): Piece[] =>
    dim(
      [
        {
          outline: spline([
            [-11.6, -5.4, 1],
            [0, -4.6],
            [6.4, -3.6, 1],
            [0, -1.6],
            [-11, -2],
          ]),
          material: { kind: "leather", colour: "#dcbc95" },
          flat: true,
          light: 0.8,
        },
        {
          outline: spline([
            [-12.8, -1, 1],
            [-13, -6.2, 1],
            [-9, -4],
            [0, -2.8],
            [6, -4.4, 1],
            [10.6, -4.2],
            [14.2, -1, 1],
          ]),
          material: m,
        },
        {
          outline: spline([
            [-13, -1.2, 1],
            [-12.8, 0, 1],
            [12, 0],
            [14.6, -1, 1],
          ]),
          material: { kind: "leather", colour: "#4a3a31" },
        },
        ...[-1, 1].map(
          (side): Piece => ({
            outline: spline([
              [7.4, -4.4, 1],
              [7.4 + side * 2.8, -6],
              [7.4 + side * 2.6, -3.2],
            ]),
            material: { kind: "silk", colour: bow },
          }),
        ),
        { outline: ellipse(7.4, -4.5, 0.7), material: { kind: "silk", colour: shade(bow, 0.8) } },
      ],
      near,
    );
  return {
    noun: "ballet flats",
    ...made(named),
    details: ["a bow on the toe", "a thin leather sole"],
    price: Math.round(random.between(35, 130)),
    attributes: { heel: "flat", closure: "slip-on", toe: "round" },
    mount: "table",
    solids: pair(pieces),
  };
}

export function designBoots(random: Random, style: Style): Design {
  const form = random.pick([
    "chelsea boots",
    "ankle boots",
    "knee boots",
    "hiking boots",
    "rain boots",
    "western boots",
  ] as const);
  const rubber = form === "rain boots";
  const base = rubber
    ? coloured(random, style, [["rubber", "plastic"]], 0.6)
    : cloth(random, style, {
        kinds: [
          ["leather", "leather"],
          ["suede", "velvet"],
        ],
        repeat: 5,
      });
  const m = base.material;
  const heel = {
    "chelsea boots": 2.6,
    "ankle boots": random.between(5, 8),
    "knee boots": random.between(3, 8),
    "hiking boots": 3.2,
    "rain boots": 2.6,
    "western boots": 4.6,
  }[form];
  const shaft = {
    "chelsea boots": 17,
    "ankle boots": 16,
    "knee boots": 40,
    "hiking boots": 17.5,
    "rain boots": 32,
    "western boots": 29,
  }[form];
  const lift = heel > 4 ? heel * 0.9 : 0;
  const dark = rubber ? shade(m.colour, 0.6) : "#2b2320";
  const toe = form === "western boots" ? 16.6 : 14.2;
  const pieces = (near: boolean): Piece[] => {
    const upper: Node[] = [
      [-12.8, -lift - 1.6, 1],
      [-13, -lift - 7],
      [-11.4, -lift - 13],
      [shaft > 25 ? -13 : -12, -shaft - lift, 1],
      [shaft > 25 ? 0 : -1.6, -shaft - lift + (form === "western boots" ? -1.6 : 0.2), 1],
      [-1.2, -lift - 13],
      [2, -lift * 0.7 - 8.6],
      [8, -6.4],
      [13, -4.6],
      [toe, -1.6, 1],
    ];
    const all: Piece[] = [
      {
        outline: ellipse(-6.8, -shaft - lift, shaft > 25 ? 6.4 : 5.2, 1.3),
        material: { kind: "leather", colour: shade(m.colour, 0.45) },
        flat: true,
      },
      {
        outline: spline(upper),
        material: m,
        folds: [
          flow([-11, -lift - 10], [-6, -lift - 9], [-1, -lift - 11]),
          flow([-10.6, -lift - 13], [-6, -lift - 12.4]),
          flow([4, -lift * 0.5 - 7.4], [5.4, -5], [4.8, -3.6]),
        ],
        foldWidth: 0.8,
        seams:
          form === "hiking boots"
            ? [flow([6, -2], [5, -5], [7.6, -6.6]), flow([-5, -2], [-6, -9], [-10, -12])]
            : [flow([-6, -2], [-5.4, -lift - 8])],
        trim: (drawing) => {
          if (form === "chelsea boots")
            drawing.fill(
              spline([
                [-9.6, -shaft - 1, 1],
                [-4, -shaft - 1, 1],
                [-5.4, -8.6],
                [-8.4, -8.6],
              ]),
              shade(m.colour, 0.45),
            );
          if (form === "hiking boots")
            for (let lace = 0; lace < 6; lace++)
              drawing.stroke(
                {
                  d: flow(
                    [
                      -3.4 + (lace < 3 ? lace * 1.7 : 3.6),
                      -8.4 - (lace < 3 ? -lace * 0.3 : (lace - 2) * 2.4),
                    ],
                    [0.4 + (lace < 3 ? lace * 1.7 : 1.4), -9.6 - (lace < 3 ? -lace * 0.5 : (lace - 2) * 2.5)],
                  ),
                  points: [],
                },
                "#d8a24a",
                0.8,
              );
          if (form === "western boots") {
            drawing.stroke(
              {
                d: flow(
                  [-10, -lift - 14],
                  [-6, -lift - 20],
                  [-4, -lift - 13],
                  [-8, -lift - 24],
                  [-2, -lift - 22],
                ),
                points: [],
              },
              shade(m.colour, 1.7),
              0.5,
            );
            drawing.stroke(
              { d: flow([4, -7.4], [8, -4], [12, -5.4]), points: [] },
              shade(m.colour, 1.7),
              0.5,
            );
          }
          if (form === "rain boots")
            drawing.stroke(
              { d: flow([-14, -shaft + 3], [-6, -shaft + 3.4], [1, -shaft + 3]), points: [] },
              shade(m.colour, 0.6),
              1.2,
            );
          if (form === "knee boots")
            drawing.stroke(
              {
                d: flow([-12.4, -shaft - lift + 5], [-6, -shaft - lift + 6], [0, -shaft - lift + 5]),
                points: [],
              },
              shade(m.colour, 0.6),
              1.6,
            );
        },
      },
    ];
    const block: Node[] = [
      [-13, -lift - 2, 1],
      [-6.6, -lift * 0.9 - 1, 1],
      [heel > 4 ? -8.4 : -7, 0, 1],
      [-12.6, 0, 1],
    ];
    if (heel > 4)
      all.push(
        { outline: spline(block), material: { kind: "wood", colour: dark }, light: 0.95 },
        {
          outline: spline([
            [-8, -lift - 1.6, 1],
            [0, -2.4],
            [4, -1.8],
            [toe, -2, 1],
            [toe + 0.2, -0.6],
            [8, 0],
            [3, -0.2],
            [-2, -lift * 0.5],
            [-8, -lift * 0.9, 1],
          ]),
          material: { kind: "leather", colour: dark },
        },
      );
    else
      all.push(
        flatSole(form === "hiking boots" ? 3.2 : 2.2, form === "hiking boots" ? "#2f2b29" : dark, toe),
      );
    return dim(all, near);
  };
  return {
    noun: form,
    ...made(base),
    details: [
      `a ${shaft > 36 ? "knee-high" : shaft > 25 ? "mid-calf" : "short"} shaft on a ${heel > 4 ? `${Math.round(heel)} cm heel` : "flat sole"}`,
      {
        "chelsea boots": "elastic sides",
        "hiking boots": "laced to the top",
        "western boots": "stitched flourishes",
        "rain boots": "quite waterproof",
        "ankle boots": "a zip inside",
        "knee boots": "a narrow cuff",
      }[form],
    ],
    price: Math.round(random.between(59, 320)),
    attributes: {
      heel: heel > 4 ? "heeled" : "flat",
      shaft: shaft > 36 ? "knee" : shaft > 25 ? "calf" : "ankle",
    },
    mount: "table",
    solids: pair(pieces),
  };
}
