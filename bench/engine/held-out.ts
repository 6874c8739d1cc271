/** Retrieval benchmarks of the model card on pictures that shaped no weights, as whole pictures of the data pack. */
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import { extract } from "tar-stream";
import { crc32 } from "../../src/media/crc32.ts";

const DATA = process.env.CORKBOARD_DATA ?? "../shared/data";

type Row = Readonly<Record<string, string>>;

/** A query finds something when the nearest of the gallery has its label; `group` is what it may not find. */
export interface Benchmark {
  readonly name: string;
  readonly set: string;
  readonly query: (row: Row) => boolean;
  readonly gallery: (row: Row) => boolean;
  readonly label: (row: Row) => string;
  readonly group: (row: Row) => string;
}

/** As `models/unified-embedding/tasks.py` holds senders out. */
const heldOutSender = ({ sender }: Row) => crc32(new TextEncoder().encode(`wardrobe ${sender}`)) % 100 < 14;
const NOT_GARMENTS = new Set(["accessories", "other", "not sure", "skip"]);
const garment = (row: Row) => heldOutSender(row) && !NOT_GARMENTS.has(row.label!.toLowerCase());
const product = ({ split, label }: Row) => split === "product" && label !== "";

export const BENCHMARKS: readonly Benchmark[] = [
  {
    name: "grocery: same product",
    set: "grocery",
    query: ({ split }) => split === "test",
    gallery: ({ split }) => split === "train",
    label: ({ label }) => label!,
    group: ({ file }) => file!,
  },
  {
    name: "clothing: kind",
    set: "clothing",
    query: garment,
    gallery: garment,
    label: ({ label }) => label!.toLowerCase(),
    group: ({ sender }) => sender!,
  },
  {
    name: "ikea: product type",
    set: "ikea",
    query: product,
    gallery: product,
    label: ({ label }) => label!,
    group: ({ file }) => file!,
  },
];

export async function rowsOf(set: string): Promise<Row[]> {
  return parse(await readFile(join(DATA, "images", set, "manifest.csv")), { columns: true }) as Row[];
}

/** Bytes of the wanted pictures of a set, in the order of its archives. */
export async function* picturesOf(set: string, wanted: ReadonlySet<string>) {
  const folder = join(DATA, "images", set);
  const archives = (await readdir(folder)).filter((name) => /^part-\d+\.tar$/.test(name)).sort();
  for (const archive of archives) {
    for await (const entry of createReadStream(join(folder, archive)).pipe(extract())) {
      if (wanted.has(entry.header.name)) {
        yield { file: entry.header.name, bytes: new Uint8Array(await buffer(entry)) };
      } else entry.resume();
    }
  }
}
