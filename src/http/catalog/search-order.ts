/** One search, whichever of the three ways it was sent. */
import { Filter } from "../../catalog/filter.ts";
import { DIMENSIONS } from "../../catalog/vector-index.ts";
import type { CropBox } from "../../media/picture.ts";
import { Problem } from "../../problem.ts";
import type { Embedding } from "../../vision/unified-embedding.ts";
import { fromFloat32Bytes } from "../embedding-bytes.ts";
import { InvalidInputError, type PictureInput, pictureReference } from "../picture-input.ts";
import { Crop, Looks, type SearchForm, type SearchQuery, type SearchRequest } from "../schemas/search.ts";
import { InvalidRequestError, parsed } from "../validation.ts";
import { jsonOf } from "./item-order.ts";

/** Words where a picture, an item or a vector is expected. */
export class TextSearchError extends Problem {
  readonly param = "text";

  constructor() {
    super({
      status: 400,
      code: "text-search-not-supported",
      title: "Text cannot be searched by yet",
      detail: "The models here embed pictures; there is no model for text.",
      hint: "Search by `image`, by `item` or by `vector`, and narrow down with `filter`.",
    });
  }
}

export interface SearchOrder {
  readonly by:
    | { readonly picture: PictureInput; readonly crop: CropBox | undefined }
    | { readonly item: string }
    | { readonly vector: Embedding };
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly filter: Filter | undefined;
  readonly looks: readonly string[] | undefined;
  readonly explain: boolean;
}

/** @throws {TextSearchError} {InvalidRequestError} {InvalidInputError} */
export function searchFromJson(body: SearchRequest): SearchOrder {
  const { image, text, item, vector, crop, limit, cursor, filter, look, explain } = body;
  if (text !== undefined) throw new TextSearchError();
  const given = [image, item, vector].filter((one) => one !== undefined);
  if (given.length !== 1) {
    throw new InvalidRequestError("Search by exactly one of `image`, `item` and `vector`.", "image");
  }
  if (crop && image === undefined) throw new InvalidRequestError("`crop` takes an `image`.", "crop");
  const rest = { limit, cursor, filter, looks: look === undefined ? undefined : [look].flat(), explain };
  if (item !== undefined) return { by: { item }, ...rest };
  if (vector !== undefined) return { by: { vector: unitVector(vector) }, ...rest };
  return { by: { picture: pictureReference(image), crop: boxOf(crop) }, ...rest };
}

/** @throws {InvalidRequestError} {InvalidInputError} */
export function searchFromForm({ image, ...options }: SearchForm): SearchOrder {
  if (options.text !== undefined) throw new TextSearchError();
  return pictureSearch(pictureReference(image), options);
}

/** @throws {InvalidRequestError} {InvalidInputError} */
export function searchFromBody(picture: Blob, options: SearchQuery): SearchOrder {
  if (picture.size === 0) throw new InvalidInputError("The body is empty.", "body");
  return pictureSearch({ kind: "file", file: picture }, options);
}

function pictureSearch(picture: PictureInput, options: SearchQuery): SearchOrder {
  const { crop, limit = 20, cursor, filter, look, explain = false } = options;
  const box = crop === undefined ? undefined : boxOf(parsed(Crop, crop.split(",").map(Number), "crop"));
  const conditions = filter === undefined ? undefined : parsed(Filter, jsonOf(filter, "filter"), "filter");
  const looks = look === undefined ? undefined : [parsed(Looks, look.split(","), "look")].flat();
  return { by: { picture, crop: box }, limit, cursor, filter: conditions, looks, explain };
}

function boxOf(crop: Crop | undefined): CropBox | undefined {
  if (!crop) return undefined;
  const [x0, y0, x1, y1] = crop;
  return { x0, y0, x1, y1 };
}

function unitVector(vector: readonly number[] | string): Embedding {
  const values =
    typeof vector === "string"
      ? (fromFloat32Bytes(Uint8Array.from(atob(vector), (digit) => digit.charCodeAt(0)).buffer) ?? [])
      : vector;
  const length = Math.hypot(...values);
  if (values.length !== DIMENSIONS || !Number.isFinite(length) || length === 0) {
    throw new InvalidRequestError("vector: has no direction, or components that are no numbers.", "vector");
  }
  return Float32Array.from(values, (value) => value / length);
}
