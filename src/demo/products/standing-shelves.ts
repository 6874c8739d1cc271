/** Bookcases, étagères and ladder shelves. */
import { type Design, made } from "../design.ts";
import type { Random } from "../random.ts";
import { box, upright } from "../solids/box.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { coloured, metal, wood } from "../textile.ts";
import { fill } from "./shelf-contents.ts";

export function bookcase(random: Random, style: Style): Design {
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

export function etagere(random: Random, style: Style): Design {
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

export function ladder(random: Random, style: Style): Design {
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
