/** A picture on the board: its bytes, its name, and an address that `<img>` can show. */
import { PageProblem } from "./problem.ts";

/** The server's limit on one picture; larger files are refused before they are read. */
const MAX_BYTES = 20 * 1024 * 1024;

const MEBIBYTE = 1024 * 1024;

export interface Picture {
  readonly name: string;
  readonly blob: Blob;
  /** A `blob:` address; `release` frees it. */
  readonly url: string;
  /** Whether it is one of the page's own drawings. */
  readonly drawn: boolean;
}

/** Makes a picture of a file. @throws {PageProblem} when it is empty, too large or clearly no picture. */
export function pictureOf(blob: Blob, name: string, drawn = false): Picture {
  if (blob.type !== "" && !blob.type.startsWith("image/")) {
    throw new PageProblem({
      code: "not-a-picture",
      title: "That is not a picture",
      detail: `${name} is ${blob.type}.`,
      hint: "JPEG, PNG, WebP, AVIF and GIF work.",
    });
  }
  if (blob.size === 0) {
    throw new PageProblem({ code: "empty", title: "The file is empty", detail: `${name} has no bytes.` });
  }
  if (blob.size > MAX_BYTES) {
    throw new PageProblem({
      code: "too-large",
      title: "The picture is too large",
      detail: `${name} has ${(blob.size / MEBIBYTE).toFixed(1)} MiB; the limit is ${MAX_BYTES / MEBIBYTE}.`,
      hint: "Save a smaller copy of it and try that.",
    });
  }
  return { name, blob, drawn, url: URL.createObjectURL(blob) };
}

export function release(picture: Picture): void {
  URL.revokeObjectURL(picture.url);
}

/** Pictures among what was dropped or pasted, in order; everything else too if none is an image. */
export function filesOf(transfer: DataTransfer | null): File[] {
  const files = [...(transfer?.files ?? [])];
  const images = files.filter((file) => file.type.startsWith("image/"));
  return images.length > 0 ? images : files;
}
