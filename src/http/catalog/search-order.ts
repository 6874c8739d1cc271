/** One search, whichever of the three ways it was sent. */
import { Filter } from "../../catalog/filter.ts";
import { DIMENSIONS } from "../../catalog/vector-index.ts";
import type { CropBox } from "../../media/picture.ts";
import type { Embedding } from "../../vision/unified-embedding.ts";
import { fromFloat32Bytes } from "../embedding-bytes.ts";
import { InvalidInputError, type PictureInput, pictureReference } from "../picture-input.ts";
import {
  Crop,
  Looks,
  type SearchForm,
  type SearchQuery,
  type SearchRequest,
  UnlikeList,
  Weights,
} from "../schemas/search.ts";
import { InvalidRequestError, parsed } from "../validation.ts";
import { jsonOf } from "./item-order.ts";

/** A picture, a part of one, an item or a vector. */
export type Example =
  | { readonly picture: PictureInput; readonly crop: CropBox | undefined }
  | { readonly item: string }
  | { readonly vector: Embedding };

/** Something that results are not to be like. */
export type Unlike = { readonly weight: number } & (
  | { readonly text: string }
  | { readonly item: string }
  | { readonly picture: PictureInput }
);

export interface SearchOrder {
  /** One of both at least. */
  readonly by: Example | undefined;
  readonly text: string | undefined;
  /** Words that count for items which say them. */
  readonly words: string | undefined;
  readonly weights: Weights;
  readonly unlike: readonly Unlike[];
  /** Reference of the model whose vectors are to be compared. */
  readonly model: string | undefined;
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly filter: Filter | undefined;
  readonly looks: readonly string[] | undefined;
  readonly explain: boolean;
}

const EVEN: Weights = { text: 1, image: 1 };

/** @throws {InvalidRequestError} {InvalidInputError} */
export function searchFromJson(body: SearchRequest): SearchOrder {
  const { image, text, words, item, vector, crop, weights = EVEN, unlike = [], model, look, ...rest } = body;
  const given = [image, item, vector].filter((one) => one !== undefined);
  if (given.length > 1 || (given.length === 0 && text === undefined)) {
    throw new InvalidRequestError(
      "Search by `text`, by one of `image`, `item` and `vector`, or by both.",
      "image",
    );
  }
  if (crop && image === undefined) throw new InvalidRequestError("`crop` takes an `image`.", "crop");
  const { limit, cursor, filter, explain } = rest;
  const by =
    item !== undefined
      ? { item }
      : vector !== undefined
        ? { vector: unitVector(vector) }
        : image !== undefined
          ? { picture: pictureReference(image), crop: boxOf(crop) }
          : undefined;
  const looks = look === undefined ? undefined : [look].flat();
  if (words !== undefined && (vector === undefined || text !== undefined)) {
    throw new InvalidRequestError("`words` go with a `vector` and without `text`.", "words");
  }
  return {
    ...{ by, text, words: by ? words : text, weights, unlike: unlike.map(unlikeOf) },
    ...{ model, limit, cursor, filter, looks, explain },
  };
}

function unlikeOf({ text, item, image, weight }: UnlikeList[number]): Unlike {
  if (text !== undefined) return { text, weight };
  if (item !== undefined) return { item, weight };
  return { picture: pictureReference(image), weight };
}

/** @throws {InvalidRequestError} {InvalidInputError} */
export function searchFromForm({ image, item, ...options }: SearchForm): SearchOrder {
  if (item === undefined)
    return pictureSearch(image === undefined ? undefined : pictureReference(image), options);
  if (image !== undefined) throw new InvalidRequestError("Search by one of `image` and `item`.", "image");
  return { ...pictureSearch(undefined, options, true), by: { item } };
}

/** @throws {InvalidRequestError} {InvalidInputError} */
export function searchFromBody(picture: Blob, options: SearchQuery): SearchOrder {
  if (picture.size === 0) throw new InvalidInputError("The body is empty.", "body");
  return pictureSearch({ kind: "file", file: picture }, options);
}

function pictureSearch(picture: PictureInput | undefined, options: SearchQuery, more = false): SearchOrder {
  const { crop, text, model, limit = 20, cursor, filter, look, explain = false } = options;
  if (picture === undefined && text === undefined && !more) {
    throw new InvalidInputError("The form has neither an image nor a text.", "image");
  }
  if (crop !== undefined && !picture) throw new InvalidRequestError("`crop` takes an `image`.", "crop");
  const box = crop === undefined ? undefined : boxOf(parsed(Crop, crop.split(",").map(Number), "crop"));
  const conditions = filter === undefined ? undefined : parsed(Filter, jsonOf(filter, "filter"), "filter");
  const looks = look === undefined ? undefined : [parsed(Looks, look.split(","), "look")].flat();
  const list = (name: "weights" | "unlike") => {
    const value = options[name];
    return value === undefined ? undefined : jsonOf(value, name);
  };
  const [weights, unlike] = [list("weights"), list("unlike")];
  return {
    by: picture && { picture, crop: box },
    text,
    words: picture || more ? undefined : text,
    weights: weights === undefined ? EVEN : parsed(Weights, weights, "weights"),
    unlike: unlike === undefined ? [] : parsed(UnlikeList, unlike, "unlike").map(unlikeOf),
    ...{ model, limit, cursor, filter: conditions, looks, explain },
  };
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
