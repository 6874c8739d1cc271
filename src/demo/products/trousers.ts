import { type Design, made } from "../design.ts";
import { garment, WORN } from "../garment.ts";
import type { Random } from "../random.ts";
import { hue, type Style } from "../styles.ts";
import { type ClothOptions, cloth, type Named } from "../textile.ts";
import { legwear } from "./legwear.ts";
import { PRINTS } from "./neckline.ts";

export function designTrousers(random: Random, style: Style): Design {
  const form = random.pick([
    "wide-leg trousers",
    "tapered trousers",
    "flared trousers",
    "straight jeans",
    "skinny jeans",
    "cargo trousers",
    "pleated trousers",
  ] as const);
  const jeans = form.includes("jeans");
  const kinds: ClothOptions["kinds"] = jeans
    ? [["denim", "denim"]]
    : form === "cargo trousers"
      ? [["cotton twill", "weave"]]
      : [
          ["wool", "weave"],
          ["linen", "weave"],
          ["corduroy", "velvet"],
          ["crêpe", "silk"],
        ];
  const base = cloth(random, style, {
    kinds,
    repeat: 7,
    printed: jeans ? 0 : style.printed * 0.5,
    prints: ["striped", "checked", "herringbone"],
  });
  const colour = jeans ? hue(random.pick(["denim", "sky", "navy", "black", "grey", "white"])) : base.colour;
  const named: Named = { ...base, colour, material: { ...base.material, colour: colour.hex } };
  const shape = {
    "wide-leg trousers": [11, 14],
    "tapered trousers": [8.4, 5.8],
    "flared trousers": [7.6, 13],
    "straight jeans": [8.6, 8.6],
    "skinny jeans": [7, 4.8],
    "cargo trousers": [10, 8.6],
    "pleated trousers": [10, 8],
  }[form] as [number, number];
  const hem = random.pick(form === "tapered trousers" || form === "skinny jeans" ? [138, 146] : [146, 151]);
  const details = {
    jeans,
    cargo: form === "cargo trousers",
    crease: form === "pleated trousers" || form === "wide-leg trousers",
    cuffed: random.chance(0.3),
  };
  return {
    noun: form,
    ...made(named),
    details: [
      `a ${shape[1] > 11 ? "sweeping" : shape[1] < 6 ? "narrow" : "straight"} hem ${hem < 140 ? "above" : "at"} the ankle`,
      ...(details.cuffed ? ["turned-up cuffs"] : []),
      ...(details.crease ? ["a pressed crease"] : []),
    ],
    price: Math.round(random.between(39, 180)),
    attributes: { rise: "high", leg: shape[1] > 11 ? "wide" : shape[1] < 6 ? "narrow" : "straight" },
    mount: "hanging",
    solids: [garment(WORN, legwear(named, hem, shape[0], shape[1], details))],
  };
}

export function designShorts(random: Random, style: Style): Design {
  const form = random.pick(["denim shorts", "tailored shorts", "bermuda shorts", "running shorts"] as const);
  const jeans = form === "denim shorts";
  const base = cloth(random, style, {
    kinds: jeans
      ? [["denim", "denim"]]
      : form === "running shorts"
        ? [["nylon", "silk"]]
        : [
            ["linen", "weave"],
            ["cotton", "weave"],
          ],
    repeat: 8,
    printed: jeans ? 0 : style.printed + 0.15,
    prints: PRINTS,
  });
  const colour = jeans ? hue(random.pick(["denim", "sky", "navy", "white", "black"])) : base.colour;
  const named: Named = { ...base, colour, material: { ...base.material, colour: colour.hex } };
  const hem = form === "bermuda shorts" ? 102 : form === "running shorts" ? 80 : random.between(82, 92);
  const foot = form === "bermuda shorts" ? 10 : random.between(9.6, 11.4);
  return {
    noun: form,
    ...made(named),
    details: [
      hem > 98 ? "cut to the knee" : "cut above the knee",
      form === "running shorts" ? "light and quick to dry" : "side pockets",
    ],
    price: Math.round(random.between(19, 79)),
    attributes: { length: hem > 98 ? "knee" : "short" },
    mount: "hanging",
    solids: [
      garment(
        WORN,
        legwear(named, hem, 10, foot, {
          jeans,
          cargo: false,
          crease: form === "tailored shorts",
          cuffed: form !== "running shorts" && random.chance(0.5),
        }),
      ),
    ],
  };
}
