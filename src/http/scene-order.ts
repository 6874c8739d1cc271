/** One request about a scene, whichever of the three ways it was sent. */
import { Filter } from "../catalog/filter.ts";
import { jsonOf } from "./catalog/item-order.ts";
import type { AppContext } from "./context.ts";
import { InvalidInputError, type PictureInput, pictureReference } from "./picture-input.ts";
import { parsed } from "./validation.ts";

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
  return order(pictureReference(fields.image), fields);
}

function order<Options extends object>(
  input: PictureInput,
  { image: _, filter, ...rest }: Valid,
): SceneOrder<Options> {
  return { input, options: rest as Options, filter: filterOf(filter) };
}

function filterOf(filter: unknown): Filter | undefined {
  if (filter === undefined || typeof filter === "object") return filter as Filter | undefined;
  return parsed(Filter, jsonOf(String(filter), "filter"), "filter");
}
