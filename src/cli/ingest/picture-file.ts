/** Pictures that lists of products name: addresses, data URLs, or files beside the list. */
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { PictureLike } from "../../client/index.ts";

const IS_ADDRESS = /^(?:https?:\/\/|data:|sha256:)/i;

/** What changes when the picture does, as far as one can see without reading it. */
export async function pictureFingerprint(image: string, folder: string): Promise<string> {
  if (IS_ADDRESS.test(image)) return image;
  const info = await stat(resolve(folder, image)).catch(() => undefined);
  return info ? `${image}:${info.size}:${info.mtimeMs}` : `${image}:missing`;
}

/** @throws when the file cannot be read */
export async function loadPicture(image: string, folder: string): Promise<PictureLike> {
  return IS_ADDRESS.test(image) ? image : Uint8Array.from(await readFile(resolve(folder, image)));
}
