/** Pictures on their way out: as parts of forms, and as text in JSON. */
import type { PictureLike } from "./types.ts";

/** Whether a picture is text already: a data URL or an address. */
export function isText(picture: PictureLike | undefined): picture is string {
  return typeof picture === "string";
}

export function blobOf(picture: Exclude<PictureLike, string>): Blob {
  return picture instanceof Blob ? picture : new Blob([picture]);
}

/** A form of a picture and text fields; what is no text is written as JSON. */
export function formOf(pictures: readonly PictureLike[], fields: object = {}): FormData {
  const form = new FormData();
  for (const picture of pictures) {
    if (isText(picture)) form.append("image", picture);
    else form.append("image", blobOf(picture), "picture");
  }
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) form.append(name, typeof value === "string" ? value : JSON.stringify(value));
  }
  return form;
}

/** Bytes that one call of `String.fromCharCode` takes as arguments. */
const SLICE = 8_190;

/** A data URL; the API looks at the bytes to know what they are. */
export async function textOf(picture: PictureLike): Promise<string> {
  if (isText(picture)) return picture;
  const bytes = new Uint8Array(await blobOf(picture).arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += SLICE)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + SLICE)));
  return `data:application/octet-stream;base64,${text}`;
}
