/**
 * Look categories: what a thing in a picture is, as the object detector names it (`chair`, `dress`). Here they are
 * read from an item's own words. What is not clear is left open: a wrong category hides an item from the searches
 * that should find it, none leaves the decision to the model that sees the picture.
 */
import type { ItemFields } from "./item.ts";

/**
 * Clear names of look categories in English, singular; plurals are known by themselves. Of a detector's categories
 * that are not here, the name alone is known.
 */
const NAMES: Readonly<Record<string, string>> = {
  top: "top|t-shirt|tshirt|tee|shirt|polo|blouse|sweater|jumper|pullover|hoodie|sweatshirt|turtleneck|camisole|tunic",
  outerwear: "outerwear|jacket|coat|parka|blazer|anorak|raincoat|overcoat|windbreaker",
  dress: "dress|gown|sundress",
  skirt: "skirt|miniskirt",
  trousers: "trousers|pants|jeans|chinos|slacks|joggers|sweatpants",
  shorts: "shorts|hot pants",
  legwear: "legwear|sock|tights|stocking|hosiery|pantyhose|leg warmer",
  shoes:
    "shoe|footwear|sneaker|trainers|boot|sandal|heels|loafer|slipper|flip flop|moccasin|espadrille|stiletto",
  bag: "bag|handbag|backpack|rucksack|tote|purse|clutch|satchel",
  hat: "hat|cap|beanie|beret|fedora|headwear",
  glasses: "glasses|sunglasses|eyeglasses|spectacles|eyewear",
  accessory: "watch|belt|scarf|necklace|bracelet|earring|necktie|bow tie|glove|brooch|jewellery|jewelry",
  chair: "chair|armchair",
  sofa: "sofa|couch|settee|loveseat|sofa bed",
  table: "table|desk",
  bed: "bed|bedframe",
  lamp: "lamp|chandelier|sconce|pendant light|floor light|wall light|ceiling light|light",
  plant: "plant|houseplant",
  curtain: "curtain|drapes",
  vase: "vase",
  pot: "flowerpot|flower pot|plant pot|planter|pot",
  appliance:
    "appliance|refrigerator|fridge|freezer|oven|microwave|toaster|dishwasher|washing machine|cooker|coffee machine",
  screen: "screen|tv|television|monitor",
  clock: "clock",
};

/** Names that hold one of those above and mean something else. */
const OTHERS =
  "wine glasses|drinking glasses|champagne glasses|cocktail glasses|beer glasses|shot glasses|bean bag|tea bag|" +
  "sleeping bag|garbage bag|punching bag|dressing gown|bed skirt|table top|desk top|dog bed|cat bed|pet bed|flower bed|" +
  "boxer shorts|tea pot|coffee pot|stock pot|cooking pot|room screen|fire screen|hair band|pump|wheel chair|gift card";

/** Words behind a name that make it a part of something else: `chair cover`, `shoe rack`. */
const PARTS = new Set(
  (
    "cover pad cushion rack strap runner shade lampshade stand rod cloth tablecloth linen box holder hook leg frame " +
    "protector organizer organiser cleaner polish care pattern print poster charm lace sheet mat bulb tennis base " +
    "insole hanger storage cabinet shelf tree hardware kit part liner rail ring mount decal sticker"
  ).split(" "),
);

/** Names that are often adjectives or verbs: only at the end of a phrase they are the thing itself. */
const ONLY_LAST = new Set([
  "light",
  "top",
  "plant",
  "screen",
  "watch",
  "clutch",
  "polo",
  "pot",
  "cap",
  "oven",
]);

/** Says nothing in a path or a title (`Home > Accessories`); as the whole category it is clear. */
const ONLY_WHOLE = new Set(["accessory", "accessories"]);

/** Units may stand behind a name without changing it: `Artificial plant 30 cm`. */
const UNITS = new Set([
  "cm",
  "mm",
  "m",
  "in",
  "inch",
  "inches",
  "l",
  "ml",
  "w",
  "kg",
  "g",
  "xs",
  "s",
  "xl",
  "size",
]);

/** Where a title's first phrase, which names the thing, ends. */
const PHRASE_END = /[,;:([|–—&+/]|\s-\s|\b(?:with|for|in|and|by|from|on|without|featuring)\b/u;

/** What a title says beside the point. */
const ASIDE = /\([^)]*\)|\[[^\]]*\]/gu;

/** Where the segments of a category path end. */
const SEGMENT_END = /[>›»/|\\]/u;

/** Where a segment names several things. */
const LIST = /[,&+]|\band\b/u;

const LONGEST_NAME = 3;

/** A look category by name; nothing: a name that means something else. */
type Names = ReadonlyMap<string, string | undefined>;

const known = new Map<string, Names>();

/** Vocabularies that are kept ready: a deployment has one, tests a few. */
const MAX_KNOWN = 16;

/**
 * The look category that an item's own words name, one of `categories`: its category from the most special segment
 * to the most general, else the first phrase of its title that names one.
 *
 * @example
 * ```ts
 * lookOf({ category: "Furniture > Dining chairs" }, ["chair", "table"]); // "chair"
 * lookOf({ title: "Cover for a chair" }, ["chair", "table"]); // undefined
 * ```
 */
export function lookOf(
  { category, title }: Pick<ItemFields, "category" | "title">,
  categories: readonly string[],
): string | undefined {
  if (categories.length === 0) return undefined;
  const names = namesOf(categories);
  return (category && lookOfCategory(category, names)) || (title && lookOfTitle(title, names)) || undefined;
}

function lookOfCategory(category: string, names: Names): string | undefined {
  const whole = names.get(wordsOf(category).join(" "));
  if (whole !== undefined) return whole;
  for (const segment of category.split(SEGMENT_END).reverse()) {
    const looks = new Set(
      segment
        .toLowerCase()
        .split(LIST)
        .flatMap((part) => lookOfPhrase(part, names) ?? []),
    );
    // `Sofas & armchairs` are two things: which of them, the title or the picture has to say.
    if (looks.size > 1) return undefined;
    for (const look of looks) return look;
  }
  return undefined;
}

/** Only the first phrase names the thing: `Cover for a chair` is none. */
function lookOfTitle(title: string, names: Names): string | undefined {
  const [phrase] = title
    .toLowerCase()
    .replace(ASIDE, " ")
    .split(PHRASE_END)
    .filter((part) => /\p{L}/u.test(part));
  return phrase === undefined ? undefined : lookOfPhrase(phrase, names);
}

/** The last name in a phrase, longer ones first, since English puts the thing itself at the end: `table lamp`. */
function lookOfPhrase(phrase: string, names: Names): string | undefined {
  const words = wordsOf(phrase);
  for (let end = words.length; end > 0; end--) {
    for (let start = Math.max(0, end - LONGEST_NAME); start < end; start++) {
      const name = words.slice(start, end).join(" ");
      if (!names.has(name) || ONLY_WHOLE.has(name)) continue;
      const rest = words.slice(end).filter((word) => /\p{L}/u.test(word) && !UNITS.has(word));
      if (rest.some((word) => PARTS.has(word) || PARTS.has(singular(word)))) return undefined;
      if (rest.length > 0 && ONLY_LAST.has(singular(name))) break;
      return names.get(name);
    }
  }
  return undefined;
}

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .normalize("NFKC")
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function namesOf(categories: readonly string[]): Names {
  const vocabulary = JSON.stringify(categories);
  const present = known.get(vocabulary);
  if (present) return present;
  const names = new Map<string, string | undefined>();
  for (const category of categories) {
    for (const name of [category, ...(NAMES[category]?.split("|") ?? [])]) addName(names, name, category);
  }
  for (const name of OTHERS.split("|")) addName(names, name, undefined);
  if (known.size >= MAX_KNOWN) known.clear();
  known.set(vocabulary, names);
  return names;
}

function addName(names: Map<string, string | undefined>, name: string, look: string | undefined): void {
  const words = wordsOf(name).join(" ");
  names.set(words, look);
  names.set(plural(words), look);
}

function plural(name: string): string {
  if (/(?:ss|sh|ch|x)$/.test(name)) return `${name}es`;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  if (name.endsWith("scarf")) return `${name.slice(0, -1)}ves`;
  return name.endsWith("s") ? name : `${name}s`;
}

function singular(word: string): string {
  if (word.endsWith("ves")) return `${word.slice(0, -3)}f`;
  if (/(?:sses|shes|ches|xes)$/.test(word)) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}
