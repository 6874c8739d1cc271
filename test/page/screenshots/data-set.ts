/** Photographs of the folder that `CORKBOARD_DATA` names. */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { parse } from "csv-parse/sync";
import { readFromTar } from "../tar.ts";

export const DATA = resolve(
  import.meta.dirname,
  "../../..",
  env.CORKBOARD_DATA ?? "../shared/data",
  "images",
);

export interface Row {
  readonly file: string;
  readonly part: string;
  readonly split: string;
  readonly label: string;
}

/** Bytes of pictures, in the order of their names. */
export async function photographs(set: string, files: readonly string[]): Promise<Uint8Array[]> {
  const parts = new Map((await manifest(set)).map(({ file, part }) => [file, part]));
  const found = new Map<string, Uint8Array>();
  for (const part of new Set(files.map((file) => parts.get(file)!))) {
    const inPart = files.filter((file) => parts.get(file) === part);
    for (const [file, bytes] of await readFromTar(join(DATA, set, part), inPart)) found.set(file, bytes);
  }
  return files.map((file) => found.get(file)!);
}

/** A set's table. */
export async function manifest(set: string): Promise<Row[]> {
  return parse(await readFile(join(DATA, set, "manifest.csv"), "utf8"), { columns: true }) as Row[];
}
