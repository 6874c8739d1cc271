/** What clients send for a picture, told apart: a data URL, an address, a file, or something that is no picture. */
import { Problem } from "../problem.ts";
import { MAX_INPUTS } from "./limits.ts";

/** A picture that is still to be read. */
export type PictureInput =
  | { readonly kind: "data-url"; readonly url: string }
  | { readonly kind: "address"; readonly url: string }
  | { readonly kind: "file"; readonly file: Blob };

/** A data URL, an http(s) URL, or an object with one of them. */
export type PictureReference = string | { readonly image: string };

const ACCEPTED_FORMS =
  'Accepted are: a data URL ("data:image/jpeg;base64,…"), an http(s) URL, {"image": "<either>"}, an array of ' +
  `up to ${MAX_INPUTS} of these; a multipart form with image files; or the picture itself as an image/* body.`;

/** Words where a picture is expected. */
export class TextInputError extends Problem {
  readonly param = "input";

  constructor() {
    super({
      status: 400,
      code: "text-input-not-supported",
      title: "Text cannot be embedded yet",
      detail: "The models here embed pictures; there is no model for text.",
      hint: ACCEPTED_FORMS,
    });
  }
}

/** An input that is neither text nor a picture. */
export class InvalidInputError extends Problem {
  readonly param: string;

  constructor(detail: string, param = "input") {
    super({
      status: 400,
      code: "invalid-input",
      title: "The input is not a picture",
      detail,
      hint: ACCEPTED_FORMS,
    });
    this.param = param;
  }
}

/** @throws {TextInputError} when it is neither a data URL nor an address. */
export function pictureInput(reference: PictureReference): PictureInput {
  const url = (typeof reference === "string" ? reference : reference.image).trim();
  if (/^data:/i.test(url)) return { kind: "data-url", url };
  if (/^https?:\/\//i.test(url)) return { kind: "address", url };
  throw new TextInputError();
}

/** Whether a value is what OpenAI's API takes as text: a string, token numbers, or arrays of them. */
export function looksLikeText(input: unknown): boolean {
  if (typeof input === "string") return !/^\s*(data:|https?:\/\/)/i.test(input);
  if (typeof input === "number") return true;
  return Array.isArray(input) && input.length > 0 && input.every(looksLikeText);
}
