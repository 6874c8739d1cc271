import type { ClothOptions } from "../textile.ts";

export const KINDS: Record<string, ClothOptions["kinds"]> = {
  "trench coat": [["cotton gabardine", "weave"]],
  "wool coat": [
    ["wool", "weave"],
    ["bouclé wool", "boucle"],
  ],
  blazer: [
    ["wool", "weave"],
    ["linen", "weave"],
    ["velvet", "velvet"],
  ],
  "puffer jacket": [["nylon", "plastic"]],
  "biker jacket": [["leather", "leather"]],
  "denim jacket": [["denim", "denim"]],
};

export const HEMS: Record<string, readonly [number, number]> = {
  "trench coat": [100, 116],
  "wool coat": [88, 122],
  blazer: [68, 76],
  "puffer jacket": [58, 72],
  "biker jacket": [52, 56],
  "denim jacket": [52, 58],
};
