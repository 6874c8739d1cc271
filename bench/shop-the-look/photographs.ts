/** Real photographs of the data pack, where it is there (`CORKBOARD_DATA`). */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parse } from "csv-parse/sync";
import { extract } from "tar-stream";

const DATA = process.env.CORKBOARD_DATA ?? "../shared/data";

export interface Photograph {
  readonly name: string;
  /** The set's own word for what it shows. */
  readonly label: string;
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/**
 * The first photographs of a set's split, in the order of its manifest.
 * @returns `undefined` when the set is not there.
 */
export async function photographs(
  set: string,
  split: string,
  count: number,
): Promise<Photograph[] | undefined> {
  const folder = join(DATA, "images", set);
  const manifest = await readFile(join(folder, "manifest.csv")).catch(() => undefined);
  if (!manifest) return undefined;
  const rows = (parse(manifest, { columns: true }) as Record<string, string>[])
    .filter((row) => row.split === split)
    .slice(0, count);
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const part of new Set(rows.map((row) => row.part!))) {
    const wanted = new Set(rows.filter((row) => row.part === part).map((row) => row.file));
    for await (const entry of createReadStream(join(folder, part)).pipe(extract())) {
      if (wanted.has(entry.header.name)) found.set(entry.header.name, Uint8Array.from(await buffer(entry)));
      else entry.resume();
    }
  }
  return rows.map((row) => ({
    name: `${set}/${row.file}`,
    label: row.label!.split(";")[0]!,
    jpeg: found.get(row.file!)!,
  }));
}
