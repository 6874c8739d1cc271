/** Real photographs of the data pack: some for the catalogue, others, of the same categories, to search by. */
import { createReadStream } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import { extract } from "tar-stream";

const DATA = process.env.CORKBOARD_DATA ?? "../shared/data";

/** Photographs that are ingested. */
export const CATALOGUE = 1_000;

/** Those that are searched by, at most. */
const QUERIES = 400;

const SEED = 7;

interface Photograph {
  readonly file: string;
  readonly category: string;
  readonly split: string;
}

export interface PhotographSet {
  readonly name: string;
  /** Where anybody gets it. */
  readonly source: string;
  /** What the model knows of it. */
  readonly known: string;
  readonly catalogue: readonly Photograph[];
  readonly queries: readonly Photograph[];
  /** Writes pictures into folders named after their categories. */
  extract(photographs: readonly Photograph[], folder: string): Promise<void>;
}

type Row = Record<string, string>;

/** Groceries: queries are of the source's test split, which training never saw. */
export function groceries(): Promise<PhotographSet> {
  return load("grocery", {
    name: "groceries in shops, 43 kinds",
    source: "github.com/marcusklasson/GroceryStoreDataset",
    known: "catalogue pictures were in training, queries were not",
    category: (row) => row.coarse!,
    forCatalogue: ({ split }) => split === "train",
    forQueries: ({ split }) => split === "test",
  });
}

/** Fashion products: nothing of the shop was in training. */
export function fashion(): Promise<PhotographSet> {
  return load("fashion-products", {
    name: "a fashion shop, 67 article types",
    source: "github.com/GaneshNeupane01/Fashion-Recommendation-System",
    known: "nothing of it was in training",
    category: (row) => row.label!,
    forCatalogue: () => true,
    forQueries: () => true,
  });
}

interface Choice extends Pick<PhotographSet, "name" | "source" | "known"> {
  readonly category: (row: Row) => string;
  readonly forCatalogue: (photograph: Photograph) => boolean;
  readonly forQueries: (photograph: Photograph) => boolean;
}

async function load(set: string, choice: Choice): Promise<PhotographSet> {
  const folder = join(DATA, "images", set);
  const rows = parse(await readFile(join(folder, "manifest.csv")), { columns: true }) as Row[];
  const all = shuffled(
    rows.map((row) => ({ file: row.file!, category: choice.category(row), split: row.split! })),
  );
  const catalogue = all.filter(choice.forCatalogue).slice(0, CATALOGUE);
  const taken = new Set(catalogue.map(({ file }) => file));
  const present = new Set(catalogue.map(({ category }) => category));
  const queries = all
    .filter((one) => !taken.has(one.file) && present.has(one.category) && choice.forQueries(one))
    .slice(0, QUERIES);
  const { name, source, known } = choice;
  return {
    ...{ name, source, known, catalogue, queries },
    extract: (photographs, target) => extractFrom(join(folder, "part-0.tar"), photographs, target),
  };
}

async function extractFrom(tar: string, photographs: readonly Photograph[], target: string): Promise<void> {
  const wanted = new Map(photographs.map((one) => [one.file, one.category]));
  for await (const entry of createReadStream(tar).pipe(extract())) {
    const category = wanted.get(entry.header.name);
    if (category === undefined) {
      entry.resume();
      continue;
    }
    const folder = join(target, category);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, entry.header.name), await buffer(entry));
  }
}

/** In an order that is the same each time. */
function shuffled<Value>(values: readonly Value[]): Value[] {
  const all = [...values];
  let state = SEED;
  for (let at = all.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (at + 1));
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}
