/** What clients send for a picture, told apart: a data URL, an address, a file, or something that is no picture. */
import { Problem } from "../problem.ts";
import { MAX_INPUTS } from "./limits.ts";
import { type RefusedInput, refusal } from "./refused-inputs.ts";

/** A picture that is still to be read. */
export type PictureInput =
  | { readonly kind: "data-url"; readonly url: string }
  | { readonly kind: "address"; readonly url: string }
  | { readonly kind: "file"; readonly file: Blob }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array };

const ACCEPTED_FORMS =
  'Accepted are: a data URL ("data:image/jpeg;base64,…"), an http(s) URL, {"image": "<either>"}, text where the ' +
  `model takes it, {"text": "…"}, {"image", "text"}; an array of up to ${MAX_INPUTS} of these; a multipart form with image files; or the picture itself as an image/* body.`;

/** An input of no form that is taken. */
export class InvalidInputError extends Problem {
  readonly param: string;

  constructor(detail: string, param = "input") {
    super({
      status: 400,
      code: "invalid-input",
      title: "The input cannot be embedded",
      detail,
      hint: ACCEPTED_FORMS,
    });
    this.param = param;
  }
}

/** The body is of a kind that the route does not take. */
export class UnsupportedBodyError extends Problem {
  constructor(contentType: string, accepted: string) {
    super({
      status: 415,
      code: "unsupported-media-type",
      title: "The body's content type is not supported",
      detail: `The body is ${contentType.slice(0, 100)}.`,
      hint: `Send ${accepted}.`,
    });
  }
}

/** A picture's reference, or an uploaded file. @throws {InvalidInputError} */
function pictureInput(source: unknown): PictureInput {
  if (source instanceof Blob) return { kind: "file", file: source };
  if (typeof source !== "string")
    throw new InvalidInputError("The image is neither a string nor a file.", "image");
  const url = source.trim();
  return { kind: /^data:/i.test(url) ? "data-url" : "address", url };
}

/**
 * A picture where nothing else is taken: words in its place are neither its name nor its description.
 * @throws {InvalidInputError}
 */
export function pictureReference(image: unknown): PictureInput {
  if (typeof image === "string" && !/^\s*(data:|https?:\/\/)/i.test(image)) {
    throw new InvalidInputError("The image is neither a data URL nor an http(s) URL.", "image");
  }
  return pictureInput(image);
}

/**
 * All pictures of a form, in their order.
 * @throws {RefusedInputsError} naming each that is none; a single one's own problem
 */
export function pictureInputs(sources: readonly unknown[]): PictureInput[] {
  const refused: RefusedInput[] = [];
  const inputs = sources.flatMap((source, index): PictureInput[] => {
    try {
      return [pictureReference(source)];
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      refused.push({ index, problem });
      return [];
    }
  });
  if (refused.length > 0) throw refusal(refused, sources.length);
  return inputs;
}
