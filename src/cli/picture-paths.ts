/** What the user meant by `<picture…>`: files, folders of pictures, or `-` for standard input. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

const PICTURE_NAME = /\.(jpe?g|png|webp|avif|gif)$/i;

export const STANDARD_INPUT = "-";

/** Replaces every folder by the pictures below it (by file name ending), in order; other paths stay as they are. */
export async function expandPicturePaths(paths: readonly string[]): Promise<string[]> {
  const expanded: string[] = [];
  for (const path of paths) {
    const isFolder = path !== STANDARD_INPUT && (await stat(path).catch(() => undefined))?.isDirectory();
    if (!isFolder) {
      expanded.push(path);
      continue;
    }
    const entries = await readdir(path, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile() && PICTURE_NAME.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
    expanded.push(...files.sort());
  }
  return expanded;
}

/** Bytes of a file, or of standard input for `-`. */
export function readPicture(path: string): Promise<Uint8Array> {
  return path === STANDARD_INPUT ? buffer(process.stdin) : readFile(path);
}
