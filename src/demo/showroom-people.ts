/** Those who have been to the showroom before the first visitor comes: somebody for feeds and interests to be shown of. */
import type { Person } from "./people/person.ts";

export interface ShowroomPerson extends Person {
  readonly name: string;
  /** What they like, in a sentence. */
  readonly about: string;
}

/** Everything that is the same for all of them. */
const VISITOR = { eagerness: 0.3, slates: 36, spammer: false } as const;

export const SHOWROOM_PEOPLE: readonly ShowroomPerson[] = [
  {
    ...VISITOR,
    id: "ana",
    name: "Ana",
    about: "Furnishes a light Scandinavian flat; lately looks at summer dresses, too.",
    tastes: [
      {
        styles: ["scandinavian", "japandi"],
        categories: ["sofa", "rug", "lamp", "plant", "chair"],
        hues: ["white", "sage", "ivory", "sky"],
        strength: 1,
      },
      {
        styles: ["coastal"],
        categories: ["dress", "hat", "bag"],
        hues: ["turquoise", "white", "sky"],
        strength: 0.9,
        season: { day: 66, span: 12 },
      },
    ],
    disliked: ["industrial"],
    budget: 1.2,
  },
  {
    ...VISITOR,
    id: "ben",
    name: "Ben",
    about: "A loft with steel, leather and old wood; boots and coats to go with it.",
    tastes: [
      {
        styles: ["industrial"],
        categories: ["table", "shelf", "lamp", "clock", "armchair"],
        hues: ["charcoal", "caramel", "black", "rust"],
        strength: 1,
      },
      {
        styles: ["industrial", "classic"],
        categories: ["boots", "coat", "trousers", "bag"],
        hues: ["chocolate", "camel", "black"],
        strength: 0.8,
      },
    ],
    disliked: ["pop", "boho"],
    budget: 1,
  },
  {
    ...VISITOR,
    id: "chloe",
    name: "Chloe",
    about: "Colour everywhere: pop and boho dresses, mugs, cushions and vases.",
    tastes: [
      {
        styles: ["pop"],
        categories: ["dress", "skirt", "top", "shoes"],
        hues: ["pink", "yellow", "coral", "lime"],
        strength: 1,
      },
      {
        styles: ["boho", "pop"],
        categories: ["mug", "cushion", "vase", "curtain"],
        hues: ["orange", "terracotta", "mustard", "pink"],
        strength: 0.9,
      },
    ],
    disliked: ["minimal"],
    budget: 0.7,
  },
  {
    ...VISITOR,
    id: "dev",
    name: "Dev",
    about: "Mid-century wood and brass for the study; saves for one good armchair.",
    tastes: [
      {
        styles: ["mid-century"],
        categories: ["armchair", "table", "lamp", "shelf", "clock"],
        hues: ["mustard", "teal", "olive", "caramel"],
        strength: 1,
      },
      {
        styles: ["mid-century", "classic"],
        categories: ["glasses", "shirt", "shoes"],
        hues: ["navy", "burgundy", "teal"],
        strength: 0.6,
      },
    ],
    disliked: ["art deco"],
    budget: 1.5,
  },
  {
    ...VISITOR,
    id: "emi",
    name: "Emi",
    about: "Little, calm and in black, white and grey: rooms and wardrobe alike.",
    tastes: [
      {
        styles: ["minimal", "japandi"],
        categories: ["bed", "mirror", "curtain", "vase", "chair"],
        hues: ["white", "black", "grey", "stone"],
        strength: 0.9,
      },
      {
        styles: ["minimal"],
        categories: ["coat", "trousers", "shirt", "shoes", "bag"],
        hues: ["black", "grey", "charcoal"],
        strength: 0.9,
      },
    ],
    disliked: ["boho", "pop"],
    budget: 1.3,
  },
  {
    ...VISITOR,
    id: "finn",
    name: "Finn",
    about: "Evenings out in art deco; a plant or two, and the sea in summer.",
    tastes: [
      {
        styles: ["art deco"],
        categories: ["dress", "coat", "shoes", "bag", "scarf"],
        hues: ["emerald", "burgundy", "navy", "plum"],
        strength: 1,
      },
      {
        styles: ["art deco", "boho"],
        categories: ["plant", "vase", "mirror"],
        hues: ["emerald", "forest", "mustard"],
        strength: 0.7,
      },
      {
        styles: ["coastal"],
        categories: ["shorts", "top", "glasses", "hat"],
        hues: ["navy", "white", "coral"],
        strength: 0.8,
        season: { day: 20, span: 10 },
      },
    ],
    disliked: ["industrial"],
    budget: 1.1,
  },
];
