/** 2,000 real pictures of four sets, none of which a shipped model was trained on, and what is true of each. */
import { picturesOf, type Row, rowsOf, shuffled } from "../photographs/pack.ts";

/** What is known of a picture, in words that queries are made of; lower case. */
export interface Truth {
  readonly kinds: readonly string[];
  readonly colours: readonly string[];
}

export interface Labelled {
  readonly id: string;
  readonly set: string;
  readonly file: string;
  /** The words of the shop itself; none where the set has none. */
  readonly title?: string;
  readonly truth: Truth;
}

interface Source {
  readonly set: string;
  /** How many of its pictures are taken. */
  readonly pictures: number;
  readonly held: (row: Row) => boolean;
  readonly title?: (row: Row) => string;
  readonly truth: (row: Row) => Truth;
}

const words = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[-_/]+/g, " ")
    .trim();

/** Finishes of furniture that are wood. */
const WOODS = /\b(birch|oak|pine|beech|wood|walnut|ash|bamboo|rattan|acacia|eucalyptus)\b/;

const COLOURS = /\b(white|black|brown|beige|grey|gray|red|blue|green|yellow|orange|pink|purple|turquoise)\b/g;

const SOURCES: readonly Source[] = [
  {
    set: "fashion-products",
    pictures: 900,
    held: () => true,
    title: ({ text }) => text!,
    truth: ({ label, baseColour }) => ({ kinds: garments(words(label!)), colours: [words(baseColour!)] }),
  },
  {
    set: "ikea",
    pictures: 500,
    held: ({ split }) => split === "product",
    title: ({ name, text }) => [name, text].filter(Boolean).join(". "),
    truth: ({ label, color }) => ({ kinds: furniture(words(label!)), colours: finishes(words(color!)) }),
  },
  {
    set: "grocery",
    pictures: 300,
    held: ({ split }) => split === "test",
    truth: ({ label, coarse }) => ({ kinds: groceries(words(label!), words(coarse!)), colours: [] }),
  },
  {
    set: "clothing",
    pictures: 300,
    held: ({ split, label }) => split === "val" && label !== "Other",
    truth: ({ label }) => ({ kinds: garments(words(label!)), colours: [] }),
  },
];

/** "three seat sofa" is a sofa, too: what stands before the comma, and its last word. */
function furniture(label: string): string[] {
  const [kind = ""] = label.replace(/ with .*/, "").split(",");
  const last = kind.split(" ").at(-1)!;
  return [...new Set([kind, last])].filter((one) => one !== "unit");
}

function finishes(colour: string): string[] {
  const found = (colour.match(COLOURS) ?? []).map((name) => (name === "gray" ? "grey" : name));
  return WOODS.test(colour) ? [...found, "wooden"] : found;
}

/** Cartons differ by their brand alone, which nobody types. */
const CARTONS = /juice|milk|yoghurt|soyghurt|oatghurt|cream/;

function groceries(label: string, coarse: string): string[] {
  return CARTONS.test(coarse) ? [coarse] : [...new Set([label, coarse])];
}

/** Names that the two clothing sets have for the same garment, as people type them. */
const GARMENTS: Readonly<Record<string, string>> = {
  tshirts: "t-shirt",
  "t shirt": "t-shirt",
  shirts: "shirt",
  dresses: "dress",
  skirts: "skirt",
  jackets: "jacket",
  outwear: "jacket",
  tops: "top",
  longsleeve: "long-sleeved shirt",
  undershirt: "sleeveless undershirt",
};

function garments(label: string): string[] {
  const name = GARMENTS[label] ?? label;
  return / shoes$/.test(name) ? [name, "shoes"] : [name];
}

export async function labelledPictures(): Promise<Labelled[]> {
  const all = await Promise.all(
    SOURCES.map(async ({ set, pictures, held, title, truth }) =>
      shuffled((await rowsOf(set)).filter(held))
        .slice(0, pictures)
        .map((row) => {
          const said = title?.(row).slice(0, 200);
          return {
            id: `${set}-${row.file!.replace(/\.jpg$/, "").slice(0, 60)}`,
            set,
            file: row.file!,
            ...(said && { title: said }),
            truth: truth(row),
          };
        }),
    ),
  );
  return all.flat();
}

/** The same with their bytes, for a batch. */
export async function* itemsOf(
  pictures: readonly Labelled[],
  withTitles: boolean,
): AsyncGenerator<{ id: string; title?: string; image: Uint8Array<ArrayBuffer> }> {
  for (const { set } of SOURCES) {
    const wanted = new Map(pictures.filter((one) => one.set === set).map((one) => [one.file, one]));
    for await (const { file, bytes } of picturesOf(set, wanted)) {
      const { id, title } = wanted.get(file)!;
      yield { id, ...(withTitles && title !== undefined && { title }), image: bytes };
    }
  }
}
