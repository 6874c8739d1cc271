/** Bags: what they are made of and called. */
import { shade } from "../colour.ts";
import { type Design, made } from "../design.ts";
import { garment } from "../garment.ts";
import type { Material } from "../material.ts";
import type { Random } from "../random.ts";
import { upright } from "../solids/box.ts";
import type { Style } from "../styles.ts";
import { cloth, coloured, type Named } from "../textile.ts";
import { BAGS } from "./bag-shapes.ts";
import { PRINTS } from "./neckline.ts";

export function designBag(random: Random, style: Style): Design {
  const form = random.pick([
    "tote",
    "handbag",
    "crossbody bag",
    "bucket bag",
    "backpack",
    "basket bag",
    "clutch",
  ] as const);
  const straw: Named = {
    material: { kind: "rattan", colour: "#d6ae72" },
    name: "straw",
    colour: { name: "sand", hex: "#d6ae72" },
    pattern: "plain",
  };
  const named =
    form === "basket bag"
      ? straw
      : form === "tote" || form === "backpack"
        ? cloth(random, style, {
            kinds: [
              ["canvas", "weave"],
              ["leather", "leather"],
              ["quilted nylon", "plastic"],
            ],
            repeat: 9,
            printed: style.printed + 0.2,
            prints: PRINTS,
          })
        : coloured(
            random,
            style,
            [
              ["leather", "leather"],
              ["suede", "velvet"],
              ["patent leather", "plastic"],
            ],
            0.5,
          );
  const m = named.material;
  const trim: Material =
    form === "tote" || form === "basket bag" || form === "backpack"
      ? { kind: "leather", colour: random.pick(["#8a5a35", "#4e3426", "#b98a55"] as const) }
      : { ...m, colour: shade(m.colour, 0.86) };
  const pieces = BAGS[form]!(m, trim, random.between(0.88, 1.14));
  return {
    noun: form,
    ...made(named),
    details: [
      {
        tote: "two long handles and an open top",
        handbag: "a framed top handle and a brass clasp",
        "crossbody bag": "a saddle flap and a long strap",
        "bucket bag": "a drawstring neck",
        backpack: "a front pocket with a buckled strap",
        "basket bag": "woven by hand with leather handles",
        clutch: "an envelope flap with a stud",
      }[form],
    ],
    price: Math.round(random.between(35, 380)),
    attributes: {
      form,
      closure: {
        tote: "open",
        handbag: "clasp",
        "crossbody bag": "flap",
        "bucket bag": "drawstring",
        backpack: "buckle",
        "basket bag": "open",
        clutch: "flap",
      }[form],
    },
    mount: "lying",
    solids: [garment(upright(0, 0, 0), pieces)],
  };
}
