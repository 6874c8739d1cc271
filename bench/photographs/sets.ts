/** Real photographs of the data pack: some for the catalogue, others, of the same categories, to search by. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { picturesOf, type Row, rowsOf, shuffled } from "./pack.ts";

/** Photographs that are ingested. */
export const CATALOGUE = 1_000;

/** Those that are searched by, at most. */
const QUERIES = 400;

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
  const all = shuffled(
    (await rowsOf(set)).map((row) => ({
      file: row.file!,
      category: choice.category(row),
      split: row.split!,
    })),
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
    extract: (photographs, target) => writeInto(target, set, photographs),
  };
}

async function writeInto(target: string, set: string, photographs: readonly Photograph[]): Promise<void> {
  const categories = new Map(photographs.map(({ file, category }) => [file, category]));
  for await (const { file, bytes } of picturesOf(set, categories)) {
    const folder = join(target, categories.get(file)!);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, file), bytes);
  }
}
