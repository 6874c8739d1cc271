/** What the API says of a scene, and how long it took. */
import type { Item } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";
import type { Stage } from "../encode/encoding.ts";
import { roundTrip } from "../encode/timing.ts";

/** Left, top, right and bottom, as fractions of the upright picture. */
export type Box = readonly [x0: number, y0: number, x1: number, y1: number];

export interface Product {
  readonly id: string;
  readonly score: number;
  readonly item: Item;
}

/** A thing in the picture, and what looks like it, best first. */
export interface SceneObject {
  readonly box: Box;
  readonly category: string;
  /** How certain the detector is, 0 to 1. */
  readonly score: number;
  readonly products: readonly Product[];
}

export interface Shopped {
  /** The most certain first. */
  readonly objects: readonly SceneObject[];
  readonly stages: readonly Stage[];
}

export interface ShopOptions {
  /** Look for these only; undefined: for all that the detector knows. */
  readonly categories: readonly string[] | undefined;
  readonly products: number;
  readonly gate: boolean;
}

/** Which regions of the picture each category looks at. */
export interface Attention {
  readonly rows: number;
  readonly columns: number;
  /** By category, row by row; only of those with an attention of their own. */
  readonly weights: Readonly<Record<string, readonly number[]>>;
}

export interface Completed {
  /** What was looked for. */
  readonly categories: readonly string[];
  readonly results: readonly (Product & { readonly category: string })[];
  readonly attention?: Attention;
  readonly stages: readonly Stage[];
}

/** @throws what the client throws */
export async function shopTheLook(
  api: Api,
  picture: Blob,
  { categories, products, gate }: ShopOptions,
  signal: AbortSignal,
): Promise<Shopped> {
  const fields = { categories: categories?.join(), products: String(products), gate: String(gate) };
  return ask<Omit<Shopped, "stages">>(api, "/v1/shop-the-look", picture, fields, signal);
}

/** @throws what the client throws */
export async function completeTheLook(
  api: Api,
  picture: Blob,
  { category, limit }: { readonly category?: string | undefined; readonly limit: number },
  signal: AbortSignal,
): Promise<Completed> {
  const fields = { category, limit: String(limit), attention: "true" };
  return ask<Omit<Completed, "stages">>(api, "/v1/complete-the-look", picture, fields, signal);
}

async function ask<Answer>(
  api: Api,
  path: string,
  picture: Blob,
  fields: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Answer & { readonly stages: readonly Stage[] }> {
  const body = new FormData();
  body.append("image", picture, "scene");
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) body.append(name, value);
  const start = performance.now();
  const response = await api.send({ method: "POST", path, body, signal });
  const answer = (await response.json()) as Answer;
  return {
    ...answer,
    stages: roundTrip(response.headers.get("server-timing"), performance.now() - start),
  };
}
