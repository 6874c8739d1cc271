import { type Design, made } from "../design.ts";
import type { Material } from "../material.ts";
import type { Random } from "../random.ts";
import { box, upright } from "../solids/box.ts";
import { lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";
import { hue, type Style } from "../styles.ts";
import { coloured, metal, wood } from "../textile.ts";
import { vaseProfile } from "./vase.ts";

export function designShelf(random: Random, style: Style): Design {
  return random.pick([bookcase, bookcase, etagere, ladder, wallShelf, cabinet])(random, style);
}

/** Books and a vase or two on a board, from x to x + width, in front of z. */
function fill(
  random: Random,
  style: Style,
  x: number,
  y: number,
  width: number,
  room: number,
  front: number,
): Solid[] {
  const solids: Solid[] = [];
  let at = x + 1;
  const palette = [...style.hues, ...style.accents];
  const end = x + width * random.between(0.5, 0.98);
  while (at < end - 7) {
    if (random.chance(0.16)) {
      const r = Math.min(5, (end - at) / 2);
      const h = Math.min(room * 0.7, r * random.between(1.6, 3));
      const { material } = coloured(random, style, [["ceramic", "ceramic"]], 0.6);
      solids.push(
        lathe(
          [at + r, y, front - 9],
          vaseProfile(random.pick(["globe", "bottle", "bulb", "amphora"]), r, h),
          material,
          { hollow: true },
        ),
      );
      at += r * 2 + 2;
      continue;
    }
    const run = random.integer(2, 5);
    for (let book = 0; book < run && at < end - 3; book++) {
      const [thick, tall] = [random.between(2, 4.6), Math.min(room * 0.86, random.between(15, 24))];
      const cover: Material = { kind: "paper", colour: hue(random.pick(palette)).hex };
      solids.push(
        box(upright(at, y + tall, front - random.between(3, 5)), [thick - 0.2, tall, 15], cover, 0.3),
      );
      at += thick;
    }
    at += random.pick([0, 0, 4, 9]);
  }
  return solids;
}

function bookcase(random: Random, style: Style): Design {
  const named = random.chance(0.25)
    ? coloured(random, style, [["lacquer", "plastic"]], 0.3)
    : wood(random, style);
  const [columns, rows] = [random.integer(1, 3), random.integer(2, 5)];
  const [cell, room, depth, board] = [
    columns === 1 ? random.between(60, 80) : random.between(34, 44),
    random.between(28, 36),
    30,
    2,
  ];
  const [width, height] = [columns * cell + board, rows * (room + board) + board];
  const foot = random.pick([0, 6, 14]);
  const solids: Solid[] = [
    box(upright(-width / 2, foot + height, -depth / 2 + 1), [width, height, 1], {
      ...named.material,
      colour: named.material.colour,
    }),
  ];
  for (let column = 0; column <= columns; column++)
    solids.push(
      box(
        upright(-width / 2 + column * cell, foot + height, depth / 2),
        [board, height, depth - 1],
        named.material,
      ),
    );
  for (let row = 0; row <= rows; row++) {
    const y = foot + row * (room + board);
    for (let column = 0; column < columns; column++) {
      const x = -width / 2 + column * cell + board;
      solids.push(
        box(upright(x, y + board, depth / 2 - 0.2), [cell - board, board, depth - 2], named.material),
      );
      if (row < rows && random.chance(0.85))
        solids.push(...fill(random, style, x, y + board, cell - board, room, depth / 2));
    }
  }
  if (foot)
    for (const x of [-1, 1])
      for (const z of [-1, 1])
        solids.push(
          rod(
            [x * width * 0.44, 0, z * depth * 0.4],
            [x * width * 0.42, foot, z * depth * 0.36],
            1.2,
            1.8,
            named.material,
          ),
        );
  return {
    noun: "bookcase",
    ...made(named),
    details: [
      `${rows} rows of ${columns === 1 ? "open shelving" : `${columns} compartments`}`,
      foot ? "raised on legs" : "standing on the floor",
    ],
    price: Math.round(random.between(149, 990)),
    attributes: { rows, columns, width_cm: Math.round(width), height_cm: Math.round(height + foot) },
    mount: "floor",
    solids,
  };
}

function etagere(random: Random, style: Style): Design {
  const frame = metal(random, style);
  const boards = wood(random, style);
  const [width, depth, rows] = [random.between(66, 100), 34, random.integer(3, 5)];
  const gap = random.between(32, 40);
  const height = rows * gap + 8;
  const solids: Solid[] = [];
  for (const x of [-1, 1])
    for (const z of [-1, 1])
      solids.push(
        rod(
          [(x * width) / 2, 0, (z * depth) / 2],
          [(x * width) / 2, height, (z * depth) / 2],
          1,
          1,
          frame.material,
        ),
      );
  for (let row = 0; row < rows; row++) {
    const y = 8 + row * gap;
    solids.push(
      box(upright(-width / 2 + 1.2, y, depth / 2 - 1.2), [width - 2.4, 2.2, depth - 2.4], boards.material),
    );
    if (random.chance(0.9))
      solids.push(...fill(random, style, -width / 2 + 3, y, width - 6, gap - 3, depth / 2 - 4));
  }
  if (random.chance(0.5)) {
    solids.push(
      rod([-width / 2, 8, -depth / 2], [width / 2, height - 2, -depth / 2], 0.5, 0.5, frame.material),
    );
    solids.push(
      rod([width / 2, 8, -depth / 2], [-width / 2, height - 2, -depth / 2], 0.5, 0.5, frame.material),
    );
  }
  return {
    noun: "étagère",
    ...made(boards),
    details: [`${rows} boards in a frame of ${frame.name}`],
    price: Math.round(random.between(129, 590)),
    attributes: { rows, frame: frame.name, width_cm: Math.round(width), height_cm: Math.round(height) },
    mount: "floor",
    solids,
  };
}

function ladder(random: Random, style: Style): Design {
  const named = wood(random, style);
  const [width, rows] = [random.between(50, 64), random.integer(4, 5)];
  const height = rows * 36 + 6;
  const solids: Solid[] = [];
  for (const x of [-1, 1]) {
    solids.push(rod([(x * width) / 2, 0, 22], [(x * width) / 2, height + 8, -17], 1.7, 1.7, named.material));
    solids.push(
      rod([(x * width) / 2, 0, -19], [(x * width) / 2, height * 0.8, -17], 1.2, 1.2, named.material),
    );
  }
  for (let row = 0; row < rows; row++) {
    const y = 18 + row * 36;
    const reach = 40 * (1 - y / (height + 40));
    solids.push(box(upright(-width / 2 + 1.5, y, -17 + reach), [width - 3, 2.4, reach], named.material));
    solids.push(...fill(random, style, -width / 2 + 3, y, width - 6, 32, -17 + reach));
  }
  return {
    noun: "ladder shelf",
    ...made(named),
    details: [`${rows} boards that grow deeper towards the floor`, "leans against the wall"],
    price: Math.round(random.between(89, 290)),
    attributes: { rows, width_cm: Math.round(width), height_cm: Math.round(height) },
    mount: "floor",
    solids,
  };
}

function wallShelf(random: Random, style: Style): Design {
  const named = wood(random, style);
  const bracket = metal(random, style);
  const [width, rows] = [random.between(70, 110), random.integer(1, 2)];
  const solids: Solid[] = [];
  for (let row = 0; row < rows; row++) {
    const y = row * 36;
    solids.push(box(upright(-width / 2, y, 20), [width, 3, 20], named.material, 0.4));
    for (const x of [-0.34, 0.34]) {
      solids.push(rod([x * width, y - 3, 1], [x * width, y - 3, 18], 0.7, 0.7, bracket.material));
      solids.push(rod([x * width, y - 16, 1], [x * width, y - 3.5, 16], 0.7, 0.7, bracket.material));
    }
    solids.push(...fill(random, style, -width / 2 + 3, y, width - 6, 30, 20));
  }
  return {
    noun: "wall shelf",
    ...made(named),
    details: [`${rows === 1 ? "one board" : "two boards"} on ${bracket.name} brackets`],
    price: Math.round(random.between(29, 140)),
    attributes: { rows, bracket: bracket.name, width_cm: Math.round(width) },
    mount: "wall",
    solids,
  };
}

function cabinet(random: Random, style: Style): Design {
  const named = wood(random, style);
  const front = random.chance(0.3) ? ({ kind: "rattan", colour: "#d6b680" } as const) : named.material;
  const [width, depth, height, foot] = [
    random.between(120, 170),
    42,
    random.between(50, 64),
    random.between(14, 22),
  ];
  const doors = random.integer(2, 4);
  const knob = metal(random, style);
  const solids: Solid[] = [
    box(upright(-width / 2, foot + height, depth / 2), [width, height, depth], named.material, 0.8),
  ];
  const each = (width - 4) / doors;
  for (let door = 0; door < doors; door++) {
    const x = -width / 2 + 2 + door * each;
    solids.push(
      box(
        upright(x + 0.6, foot + height - 3, depth / 2 + 1.8),
        [each - 1.2, height - 6, 1.6],
        named.material,
        0.5,
      ),
    );
    if (front !== named.material)
      solids.push(
        box(upright(x + 4, foot + height - 7, depth / 2 + 2.4), [each - 8, height - 14, 0.5], front, 0.5),
      );
    const side = door % 2 ? x + 3.4 : x + each - 3.4;
    solids.push(
      rod(
        [side, foot + height * 0.58, depth / 2 + 2],
        [side, foot + height * 0.58, depth / 2 + 4.4],
        1,
        1.2,
        knob.material,
      ),
    );
  }
  for (const x of [-1, 1])
    for (const z of [-1, 1])
      solids.push(
        rod(
          [x * width * 0.44, 0, z * depth * 0.42],
          [x * width * 0.4, foot, z * depth * 0.34],
          1.2,
          2.2,
          named.material,
        ),
      );
  solids.push(...fill(random, style, -width / 2 + 6, foot + height, width * 0.5, 30, depth / 2 - 8));
  return {
    noun: "sideboard",
    ...made(named),
    details: [
      `${doors} doors${front === named.material ? "" : " with woven cane panels"}`,
      `${knob.name} knobs`,
    ],
    price: Math.round(random.between(290, 1290)),
    attributes: { doors, width_cm: Math.round(width), height_cm: Math.round(height + foot) },
    mount: "floor",
    solids,
  };
}
