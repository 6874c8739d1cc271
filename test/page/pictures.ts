/** Picture files for browser tests. */
import { drawJpeg } from "../http/pictures.ts";
import { pictureFile } from "../media/fixtures.ts";
import type { PictureFile } from "./visit.ts";

/** A JPEG of discs; another seed is another picture. */
export function photo(seed: number): PictureFile {
  return { name: `photo-${seed}.jpg`, mimeType: "image/jpeg", bytes: drawJpeg(seed, 320, 240) };
}

/** A file of ../fixtures by its name there. */
export function fixture(name: string, mimeType: string): PictureFile {
  return { name: `${name.replace(/\W+/g, "-")}.bin`, mimeType, bytes: pictureFile(name) };
}

/** A JPEG that ends in the middle. */
export function brokenPhoto(): PictureFile {
  return { name: "broken.jpg", mimeType: "image/jpeg", bytes: drawJpeg(1).slice(0, 300) };
}

export function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = a.reduce((sum, value, index) => sum + value * b[index]!, 0);
  return dot / (Math.hypot(...a) * Math.hypot(...b));
}
