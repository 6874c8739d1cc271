/** One request about a scene, whichever of the three ways it was sent. */
import { Filter } from "../catalog/filter.ts";
import { jsonOf } from "./catalog/item-order.ts";
import type { AppContext } from "./context.ts";
import { InvalidInputError, type PictureInput, pictureInput } from "./picture-input.ts";
import { InvalidRequestError, validationProblem } from "./validation.ts";

/** What a validated request holds: a picture, except in queries, where the body is the picture. */
interface Valid {
  readonly image?: unknown;
  readonly filter?: unknown;
}

export interface SceneOrder<Options> {
  readonly input: PictureInput;
  /** As they were sent; defaults are applied to JSON only. */
  readonly options: Options;
  readonly filter: Filter | undefined;
}

/** @throws {InvalidInputError} {InvalidRequestError} */
export async function sceneOrder<Options extends object>(c: AppContext): Promise<SceneOrder<Options>> {
  const valid = c.req.valid as (target: "json" | "form" | "query") => Valid;
  const type = c.req.header("content-type") ?? "";
  if (/^image\//i.test(type)) {
    const picture = await c.req.blob();
    if (picture.size === 0) throw new InvalidInputError("The body is empty.", "body");
    return order({ kind: "file", file: picture }, valid.call(c.req, "query"));
  }
  const fields = valid.call(c.req, /^multipart\//i.test(type) ? "form" : "json");
  return order(scenePicture(fields.image), fields);
}

function order<Options extends object>(
  input: PictureInput,
  { image: _, filter, ...rest }: Valid,
): SceneOrder<Options> {
  return { input, options: rest as Options, filter: filterOf(filter) };
}

/** Text in a picture's place is neither a name nor a description here. */
function scenePicture(image: unknown): PictureInput {
  if (typeof image === "string" && !/^\s*(data:|https?:\/\/)/i.test(image)) {
    throw new InvalidInputError("The image is neither a data URL nor an http(s) URL.", "image");
  }
  return pictureInput(image);
}

function filterOf(filter: unknown): Filter | undefined {
  if (filter === undefined || typeof filter === "object") return filter as Filter | undefined;
  const value = jsonOf(String(filter), "filter");
  const result = Filter.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidRequestError(`filter: ${validationProblem(result.error.issues, value).message}`, "filter");
}
