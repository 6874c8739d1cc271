/** Reads picture sets of the data pack: tables of their pictures, and the pictures. */
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import { extract } from "tar-stream";

const DATA = process.env.CORKBOARD_DATA ?? "../shared/data";

const SEED = 7;

/** What the table of a set says of one picture, by column. */
export type Row = Readonly<Record<string, string>>;

export async function rowsOf(set: string): Promise<Row[]> {
  return parse(await readFile(join(DATA, "images", set, "manifest.csv")), { columns: true }) as Row[];
}

/** The pictures with these names, in the order of the shards. */
export async function* picturesOf(
  set: string,
  files: { has(file: string): boolean },
): AsyncGenerator<{ file: string; bytes: Uint8Array<ArrayBuffer> }> {
  const folder = join(DATA, "images", set);
  const shards = (await readdir(folder)).filter((name) => /^part-\d+\.tar$/.test(name));
  for (const shard of shards) {
    for await (const entry of createReadStream(join(folder, shard)).pipe(extract())) {
      const file = entry.header.name;
      if (files.has(file)) yield { file, bytes: Uint8Array.from(await buffer(entry)) };
      else entry.resume();
    }
  }
}

/** In an order that is the same each time. */
export function shuffled<Value>(values: readonly Value[]): Value[] {
  const all = [...values];
  let state = SEED;
  for (let at = all.length - 1; at > 0; at--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = Math.floor((state / 2 ** 32) * (at + 1));
    [all[at], all[other]] = [all[other]!, all[at]!];
  }
  return all;
}
