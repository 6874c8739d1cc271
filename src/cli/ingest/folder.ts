/** A folder of pictures: each file is an item; the folder that it lies in is its category. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, extname, relative, sep } from "node:path";
import { MAX_CATEGORY_LENGTH, MAX_ID_LENGTH, MAX_TITLE_LENGTH } from "../../catalog/limits.ts";
import { expandPicturePaths } from "../picture-paths.ts";
import type { Found, Listing } from "./source.ts";

/** Hex digits that keep ids apart which look the same once they are ids. */
const DIGEST_LENGTH = 10;

export async function listFolder(folder: string): Promise<Listing> {
  const paths = await expandPicturePaths([folder]);
  return { found: await Promise.all(paths.map((path) => foundIn(folder, path))), unusable: [] };
}

async function foundIn(folder: string, path: string): Promise<Found> {
  const name = relative(folder, path).split(sep).join("/");
  const { size, mtimeMs } = await stat(path);
  const parent = dirname(name);
  const item = {
    id: idOf(name),
    title: basename(name, extname(name)).slice(0, MAX_TITLE_LENGTH),
    ...(parent !== "." && { category: parent.slice(0, MAX_CATEGORY_LENGTH) }),
  };
  return {
    id: item.id,
    fingerprint: `${size}:${mtimeMs}`,
    load: async () => ({ ...item, image: Uint8Array.from(await readFile(path)) }),
  };
}

/** The path as an id: the same file always has the same; other characters than ids have become dashes. */
export function idOf(name: string): string {
  const plain = name
    .slice(0, name.length - extname(name).length)
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._~-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "");
  const digest = createHash("sha256").update(name).digest("hex").slice(0, DIGEST_LENGTH);
  return `${plain.slice(0, MAX_ID_LENGTH - DIGEST_LENGTH - 1)}-${digest}`.replace(/^-/, "");
}
