/** The styles of the showroom: which colours, woods, metals and prints belong together, and in which rooms. */
import type { Hex } from "./colour.ts";
import type { Pattern } from "./motif.ts";

export interface Colour {
  readonly name: string;
  readonly hex: Hex;
}

const HUES = {
  white: "#f4f1ea",
  ivory: "#ece2cf",
  cream: "#e8d9b8",
  sand: "#d5bf9b",
  beige: "#cdb795",
  camel: "#b98a55",
  caramel: "#a5693a",
  chocolate: "#5b3b2c",
  taupe: "#96877a",
  stone: "#b9b1a4",
  grey: "#8f9194",
  charcoal: "#43464b",
  black: "#26262a",
  navy: "#26385c",
  denim: "#44648f",
  sky: "#9dc1d8",
  teal: "#1f7378",
  petrol: "#1d4f5c",
  turquoise: "#4fb0ab",
  mint: "#b4d6c0",
  sage: "#9aa98a",
  olive: "#76733f",
  forest: "#2f5a42",
  emerald: "#157357",
  lime: "#b5c455",
  mustard: "#d6a02f",
  yellow: "#efc74d",
  apricot: "#efae77",
  orange: "#dc7a35",
  terracotta: "#bd6040",
  rust: "#994423",
  coral: "#e67c68",
  red: "#b92f35",
  burgundy: "#702635",
  blush: "#e6c1b4",
  rose: "#d18f94",
  pink: "#e79fb4",
  plum: "#64375a",
  lilac: "#b8a4cf",
  lavender: "#a299c8",
} as const satisfies Record<string, Hex>;

export type HueName = keyof typeof HUES;

export function hue(name: HueName): Colour {
  return { name, hex: HUES[name] };
}

export const WOODS = {
  oak: "#c79e69",
  walnut: "#79513a",
  ash: "#dcc6a2",
  teak: "#a96f43",
  pine: "#e1bf8a",
  "black oak": "#37312e",
  birch: "#e6d2ad",
  mahogany: "#7c3e2b",
} as const satisfies Record<string, Hex>;

export type WoodName = keyof typeof WOODS;

export const METALS = {
  brass: "#c9a353",
  "black steel": "#2e3033",
  chrome: "#c0c5cb",
  copper: "#bb734d",
  "white steel": "#e9e7e2",
} as const satisfies Record<string, Hex>;

export type MetalName = keyof typeof METALS;

export const STYLE_NAMES = [
  "scandinavian",
  "industrial",
  "boho",
  "mid-century",
  "minimal",
  "coastal",
  "japandi",
  "art deco",
  "pop",
  "classic",
] as const;

export type StyleName = (typeof STYLE_NAMES)[number];

export interface Style {
  readonly name: StyleName;
  /** Colours of what is large, and of what sets it off. */
  readonly hues: readonly HueName[];
  readonly accents: readonly HueName[];
  readonly woods: readonly WoodName[];
  readonly metals: readonly MetalName[];
  readonly walls: readonly Hex[];
  readonly floor: WoodName;
  readonly prints: readonly Pattern[];
  /** Share of textiles that carry a print. */
  readonly printed: number;
  /** Words that open a product's name. */
  readonly series: readonly string[];
  /** How garments and rooms of this style are spoken of. */
  readonly mood: string;
}

export const STYLES: Readonly<Record<StyleName, Style>> = {
  scandinavian: {
    name: "scandinavian",
    hues: ["white", "ivory", "sage", "sky", "stone", "grey", "blush"],
    accents: ["mustard", "charcoal", "navy", "terracotta"],
    woods: ["ash", "birch", "oak"],
    metals: ["black steel", "white steel"],
    walls: ["#e9e6df", "#dfe3df", "#d9dcd6", "#ece5da"],
    floor: "birch",
    prints: ["striped", "geometric", "dotted", "leaf"],
    printed: 0.3,
    series: ["Linnea", "Fjord", "Solveig", "Nord", "Alva", "Birk", "Tove"],
    mood: "light, airy and easy to live with",
  },
  industrial: {
    name: "industrial",
    hues: ["charcoal", "caramel", "grey", "taupe", "black", "chocolate", "rust"],
    accents: ["mustard", "orange", "denim", "olive"],
    woods: ["walnut", "black oak", "pine"],
    metals: ["black steel", "copper"],
    walls: ["#b9b3aa", "#a89b8f", "#8c8985", "#c4b8a9"],
    floor: "walnut",
    prints: ["checked", "herringbone", "striped"],
    printed: 0.22,
    series: ["Foundry", "Dock", "Harlem", "Forge", "Brick Lane", "Rivet", "Loft"],
    mood: "sturdy, with a workshop past",
  },
  boho: {
    name: "boho",
    hues: ["terracotta", "rust", "mustard", "cream", "rose", "olive", "plum", "apricot"],
    accents: ["teal", "burgundy", "orange", "turquoise"],
    woods: ["teak", "pine", "mahogany"],
    metals: ["brass", "copper"],
    walls: ["#ecd9c3", "#e5c6ab", "#d9b79d", "#efe3d2"],
    floor: "pine",
    prints: ["floral", "geometric", "leaf", "striped"],
    printed: 0.6,
    series: ["Marrakesh", "Zahara", "Indira", "Luna", "Paloma", "Sol", "Ikat"],
    mood: "warm, layered and well travelled",
  },
  "mid-century": {
    name: "mid-century",
    hues: ["mustard", "teal", "orange", "olive", "caramel", "petrol", "burgundy"],
    accents: ["cream", "navy", "coral", "yellow"],
    woods: ["walnut", "teak"],
    metals: ["brass", "black steel"],
    walls: ["#e4d8bf", "#cfd3c0", "#d8b98f", "#b9c4bd"],
    floor: "teak",
    prints: ["geometric", "checked", "dotted", "herringbone"],
    printed: 0.35,
    series: ["Palm Springs", "Eldon", "Draper", "Sputnik", "Mercer", "Vista", "Aalto Street"],
    mood: "low, lean and optimistic",
  },
  minimal: {
    name: "minimal",
    hues: ["white", "black", "grey", "stone", "taupe", "ivory"],
    accents: ["charcoal", "sand", "navy"],
    woods: ["ash", "black oak", "oak"],
    metals: ["chrome", "black steel", "white steel"],
    walls: ["#e8e7e4", "#d7d6d3", "#c8c6c2", "#efeeec"],
    floor: "ash",
    prints: ["striped"],
    printed: 0.1,
    series: ["Mono", "Plain", "Axis", "Form", "Still", "Cube", "Line"],
    mood: "reduced to what it needs",
  },
  coastal: {
    name: "coastal",
    hues: ["white", "navy", "sky", "sand", "turquoise", "denim", "mint"],
    accents: ["coral", "yellow", "teal", "red"],
    woods: ["pine", "birch", "ash"],
    metals: ["white steel", "brass"],
    walls: ["#dbe7ea", "#eef0ea", "#c8dde2", "#f0e8d8"],
    floor: "pine",
    prints: ["striped", "checked", "dotted", "leaf"],
    printed: 0.5,
    series: ["Harbour", "Saltmarsh", "Pier", "Dune", "Marina", "Tideline", "Seaglass"],
    mood: "breezy, as if a window were open",
  },
  japandi: {
    name: "japandi",
    hues: ["beige", "stone", "olive", "charcoal", "ivory", "taupe", "sage"],
    accents: ["rust", "black", "forest"],
    woods: ["oak", "black oak", "ash"],
    metals: ["black steel", "brass"],
    walls: ["#ddd3c3", "#cfc5b4", "#e6dfd2", "#b8b09f"],
    floor: "oak",
    prints: ["striped", "leaf", "herringbone"],
    printed: 0.2,
    series: ["Kumo", "Hana", "Mori", "Sabi", "Tatami", "Kyoto", "Ishi"],
    mood: "calm, close to the ground and to nature",
  },
  "art deco": {
    name: "art deco",
    hues: ["emerald", "navy", "burgundy", "plum", "black", "petrol", "blush"],
    accents: ["mustard", "ivory", "rose"],
    woods: ["mahogany", "walnut", "black oak"],
    metals: ["brass", "chrome"],
    walls: ["#2f4a47", "#d8c3b2", "#33405a", "#e3d6c6"],
    floor: "walnut",
    prints: ["geometric", "herringbone", "leaf"],
    printed: 0.32,
    series: ["Gatsby", "Chrysler", "Ritz", "Odeon", "Savoy", "Josephine", "Lyceum"],
    mood: "polished, with a hint of the grand hotel",
  },
  pop: {
    name: "pop",
    hues: ["yellow", "pink", "turquoise", "coral", "lilac", "lime", "orange", "red"],
    accents: ["navy", "white", "emerald", "black"],
    woods: ["birch", "pine"],
    metals: ["white steel", "chrome"],
    walls: ["#f1cdd0", "#cfe3d4", "#f3e0a6", "#cfd6ee"],
    floor: "birch",
    prints: ["dotted", "terrazzo", "striped", "geometric", "floral"],
    printed: 0.55,
    series: ["Bonbon", "Memphis", "Disco", "Jelly", "Fizz", "Bubble", "Confetti"],
    mood: "playful and not shy",
  },
  classic: {
    name: "classic",
    hues: ["navy", "camel", "burgundy", "forest", "ivory", "grey", "lavender"],
    accents: ["red", "beige", "mustard", "sky"],
    woods: ["mahogany", "oak", "walnut"],
    metals: ["brass", "chrome"],
    walls: ["#d5dad2", "#e8dfcf", "#c3ccd3", "#dcd0c4"],
    floor: "oak",
    prints: ["checked", "striped", "floral", "herringbone"],
    printed: 0.38,
    series: ["Windsor", "Bedford", "Ashby", "Eleanor", "Kensington", "Hart", "Arden"],
    mood: "timeless and carefully made",
  },
};
