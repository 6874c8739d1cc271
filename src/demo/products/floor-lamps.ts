/** Tripod and arc lamps. */
import { type Design, made } from "../design.ts";
import type { Vector } from "../geometry.ts";
import type { Random } from "../random.ts";
import { lathe } from "../solids/lathe.ts";
import { rod } from "../solids/rod.ts";
import type { Solid } from "../solids/solid.ts";
import type { Style } from "../styles.ts";
import { coloured, metal, wood } from "../textile.ts";
import { fabricShade } from "./lampshade.ts";

export function tripod(random: Random, style: Style): Design {
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

export function arc(random: Random, style: Style): Design {
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
