import { type Design, made } from "../design.ts";
import { garment } from "../garment.ts";
import type { Material } from "../material.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import { hue, type Style } from "../styles.ts";
import { cloth, type Named } from "../textile.ts";
import { HATS } from "./hat-shapes.ts";
import { PRINTS } from "./neckline.ts";

export const ORIGIN = upright(0, 0, 0);

export function designHat(random: Random, style: Style): Design {
  const form = random.pick(["fedora", "straw hat", "beanie", "baseball cap", "bucket hat", "beret"] as const);
  const straw: Named = {
    material: { kind: "rattan", colour: "#dfc08a" },
    name: "straw",
    colour: { name: "sand", hex: "#dfc08a" },
    pattern: "plain",
  };
  const named =
    form === "straw hat"
      ? straw
      : form === "beanie"
        ? cloth(random, style, {
            kinds: [
              ["wool knit", "knit"],
              ["mohair knit", "knit"],
            ],
            repeat: 6,
          })
        : form === "fedora" || form === "beret"
          ? cloth(random, style, {
              kinds: [
                ["felt", "velvet"],
                ["wool", "velvet"],
              ],
              repeat: 6,
            })
          : cloth(random, style, {
              kinds: [
                ["cotton", "weave"],
                ["corduroy", "velvet"],
                ["linen", "weave"],
              ],
              repeat: 7,
              prints: PRINTS,
            });
  const { material: m } = named;
  const band: Material = { kind: "silk", colour: hue(random.pick(style.accents)).hex };
  const pieces = HATS[form]!(m, band, random);
  return {
    noun: form,
    ...made(named),
    details: [
      {
        fedora: "a pinched crown with a ribbon",
        "straw hat": "a broad woven brim",
        beanie: "a turned-up ribbed edge",
        "baseball cap": "six panels and a curved peak",
        "bucket hat": "a stitched sloping brim",
        beret: "a soft round crown",
      }[form],
    ],
    price: Math.round(random.between(15, 95)),
    attributes: {
      form,
      ...(form === "fedora" || form === "straw hat" ? { brim: form === "fedora" ? "medium" : "wide" } : {}),
    },
    mount: "lying",
    solids: [garment(ORIGIN, pieces)],
  };
}
