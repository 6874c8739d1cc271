/** A request to the cascade, out of the tensors of its inference. Nothing that they say is believed. */
import { ID_PATTERN, MAX_ID_LENGTH } from "../catalog/limits.ts";
import { textsOf } from "../inference/bytes-data.ts";
import { InvalidTensorError } from "../runtime/errors.ts";
import type { SequenceRankingManifest } from "../runtime/manifest.ts";
import type { DataType, Tensor, TensorData, Tensors } from "../runtime/tensor.ts";
import { MAX_ORIGIN_EXCLUDED } from "./limits.ts";

/** Tokens of a history that may come in; the model reads the latest `max_history` of those that the table knows. */
export const MAX_REQUEST_TOKENS = 1_000;
/** Items that may be ruled out: as many as the API sends. */
export const MAX_REQUEST_EXCLUDED = MAX_ORIGIN_EXCLUDED;
/** Bytes of the key under which a person's keys and values are kept: a hash in hex has 64. */
export const MAX_USER_BYTES = 128;
/** The last millisecond that a `Date` can be. */
const MAX_TIME = 8_640_000_000_000_000;

export interface CascadeRequest {
  /** Key of the person's keys and values. */
  readonly user: string;
  /** Ids, oldest first. */
  readonly items: readonly string[];
  /** n × actions, 0 or 1. */
  readonly actions: Uint8Array;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly surfaces: readonly string[];
  readonly now: number;
  readonly surface: string;
  /** Ids never to answer. */
  readonly exclude: readonly string[];
  /** Ranked items wanted. */
  readonly limit: number;
}

/** What the cascade takes, as `GET /v2/models/{model}` lists it. */
export function cascadeInputs({ actions }: SequenceRankingManifest) {
  return [
    { name: "user", datatype: "BYTES", shape: [1] },
    { name: "items", datatype: "BYTES", shape: [-1] },
    { name: "actions", datatype: "UINT8", shape: [-1, actions.length] },
    { name: "times", datatype: "INT64", shape: [-1] },
    { name: "surfaces", datatype: "BYTES", shape: [-1] },
    { name: "now", datatype: "INT64", shape: [1] },
    { name: "surface", datatype: "BYTES", shape: [1] },
    { name: "exclude", datatype: "BYTES", shape: [-1] },
    { name: "limit", datatype: "INT32", shape: [1] },
  ] as const;
}

/** @throws {InvalidTensorError} naming the first tensor that is missing, unknown or out of bounds. */
export function readCascadeRequest(tensors: Tensors, manifest: SequenceRankingManifest): CascadeRequest {
  const known = new Set<string>(cascadeInputs(manifest).map(({ name }) => name));
  for (const name of Object.keys(tensors)) {
    if (!known.has(name))
      throw new InvalidTensorError(name, `one of ${[...known].join(", ")}`, "an unknown name");
  }
  const items = ids(tensors, "items", MAX_REQUEST_TOKENS);
  const [n, surfacesKnown] = [items.length, new Set(manifest.surfaces)];
  if (n === 0) throw new InvalidTensorError("items", "1 or more", "none");
  const actions = take(tensors, "actions", "UINT8", [n, manifest.actions.length]);
  if (!actions.every((one) => one <= 1)) throw new InvalidTensorError("actions", "0 or 1", "something else");
  // A surface that the model has not seen is unknown to it.
  const surface = (one: string) => (surfacesKnown.has(one) ? one : manifest.surfaces[0]!);
  const now = time("now", take(tensors, "now", "INT64", [1])[0]!);
  const times = Float64Array.from(take(tensors, "times", "INT64", [n]), (one) => time("times", one));
  for (let at = 1; at < n; at++) {
    if (times[at]! < times[at - 1]!)
      throw new InvalidTensorError("times", "the oldest first", "another order");
  }
  if (times[n - 1]! > now) throw new InvalidTensorError("times", "none after now", "one that is");
  const [limit] = take(tensors, "limit", "INT32", [1]);
  if (!(limit! >= 1 && limit! <= manifest.max_candidates)) {
    throw new InvalidTensorError("limit", `1 to ${manifest.max_candidates}`, String(limit));
  }
  return {
    user: key(tensors),
    items,
    actions,
    times,
    surfaces: texts(tensors, "surfaces", n).map(surface),
    now,
    surface: surface(texts(tensors, "surface", 1)[0]!),
    exclude: Object.hasOwn(tensors, "exclude") ? ids(tensors, "exclude", MAX_REQUEST_EXCLUDED) : [],
    limit: limit!,
  };
}

function key(tensors: Tensors): string {
  const [user] = texts(tensors, "user", 1) as [string];
  const bytes = (tensors.user as Extract<Tensor, { datatype: "BYTES" }>).data[0]!.byteLength;
  if (bytes >= 1 && bytes <= MAX_USER_BYTES) return user;
  throw new InvalidTensorError("user", `a key of 1 to ${MAX_USER_BYTES} bytes`, `${bytes} bytes`);
}

function ids(tensors: Tensors, name: string, most: number): string[] {
  const count = lengthOf(tensors, name);
  if (count > most) throw new InvalidTensorError(name, `at most ${most}`, String(count));
  const all = texts(tensors, name, count);
  const wrong = all.findIndex((id) => id.length > MAX_ID_LENGTH || !ID_PATTERN.test(id));
  if (wrong < 0) return all;
  throw new InvalidTensorError(name, "ids of items", `something else, at ${wrong}`);
}

function lengthOf(tensors: Tensors, name: string): number {
  const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
  if (!tensor) throw new InvalidTensorError(name, "BYTES [-1]", "nothing");
  return tensor.shape[0] ?? -1;
}

function texts(tensors: Tensors, name: string, count: number): string[] {
  const data = take(tensors, name, "BYTES", [count]);
  return textsOf(name, { datatype: "BYTES", shape: [count], data });
}

/** The elements of a tensor of a data type and shape. */
function take<T extends DataType>(
  tensors: Tensors,
  name: string,
  datatype: T,
  shape: readonly number[],
): TensorData[T] {
  const expected = `${datatype} [${shape.join(",")}]`;
  const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
  if (!tensor) throw new InvalidTensorError(name, expected, "nothing");
  const got = `${tensor.datatype} [${tensor.shape.join(",")}]`;
  if (got !== expected) throw new InvalidTensorError(name, expected, got);
  return tensor.data as TensorData[T];
}

function time(name: string, value: bigint): number {
  if (value >= 0n && value <= BigInt(MAX_TIME)) return Number(value);
  throw new InvalidTensorError(name, `0 to ${MAX_TIME}`, String(value));
}
