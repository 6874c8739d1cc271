/**
 * A page of items' vectors as bytes: a safetensors file (https://github.com/huggingface/safetensors).
 *
 * Eight bytes are the little-endian length of the header, which is JSON; then follow the elements of the one tensor
 * `vectors`, F16 [n, dimensions] row by row. `__metadata__` holds `model`, `next` where there are more, and `ids`,
 * one a line, in the order of the rows. Whoever reads safetensors reads a page.
 */
import * as z from "zod";
import { MAX_CURSOR_LENGTH } from "../catalog/cursor.ts";
import { ItemId } from "../catalog/item.ts";
import { Problem } from "../problem.ts";
import { toHalf } from "../runtime/half.ts";
import { PinnedName } from "../runtime/manifest-common.ts";

export const VECTORS_TYPE = "application/vnd.safetensors";

/** Most vectors of a page: 0.5 MiB, and a fifth of a second for a shard on a slow day. */
export const MAX_VECTORS_PER_PAGE = 1_000;

export interface VectorPage {
  /** `name@revision` of the model that the vectors are of. */
  readonly model: string;
  readonly dimensions: number;
  readonly ids: readonly string[];
  /** n × dimensions halves. */
  readonly vectors: Uint16Array;
  /** Cursor of the next page; none after the last. */
  readonly next?: string | undefined;
}

/** Bytes that are no page of vectors. */
export class InvalidVectorPageError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 502,
      code: "invalid-vector-page",
      title: "Invalid page of vectors",
      detail,
      hint: "Is the address that of Corkboard's API, of the same version?",
      cause,
    });
  }
}

const PREFIX_BYTES = 8;
const BYTES_PER_HALF = 2;
/** Ids have up to 64 characters. */
const MAX_HEADER_BYTES = 256 * 1024;

/** Longest page in bytes, of vectors of 8,192 components. */
export const MAX_PAGE_BYTES = PREFIX_BYTES + MAX_HEADER_BYTES + MAX_VECTORS_PER_PAGE * 8_192 * BYTES_PER_HALF;

const Header = z.object({
  __metadata__: z.object({
    model: PinnedName,
    ids: z.string(),
    next: z.string().min(1).max(MAX_CURSOR_LENGTH).optional(),
  }),
  vectors: z.object({
    dtype: z.literal("F16"),
    shape: z.tuple([z.int().min(0).max(MAX_VECTORS_PER_PAGE), z.int().min(1).max(8_192)]),
    data_offsets: z.tuple([z.literal(0), z.int().min(0)]),
  }),
});

/** @param vectors of all items, one after the other */
export function encodeVectorPage(
  page: Omit<VectorPage, "vectors"> & { readonly vectors: Float32Array },
): Uint8Array<ArrayBuffer> {
  const { model, dimensions, ids, next } = page;
  const halves = toHalf(page.vectors);
  const header: z.infer<typeof Header> = {
    __metadata__: { model, ids: ids.join("\n"), ...(next !== undefined && { next }) },
    vectors: { dtype: "F16", shape: [ids.length, dimensions], data_offsets: [0, halves.byteLength] },
  };
  const json = JSON.stringify(header);
  // The elements begin at a multiple of eight bytes, as the format asks for.
  const text = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / PREFIX_BYTES) * PREFIX_BYTES));
  const bytes = new Uint8Array(PREFIX_BYTES + text.length + halves.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, PREFIX_BYTES);
  bytes.set(new Uint8Array(halves.buffer), PREFIX_BYTES + text.length);
  return bytes;
}

/** @throws {InvalidVectorPageError} for whatever does not hold together. */
export function decodeVectorPage(bytes: Uint8Array): VectorPage {
  if (bytes.byteLength < PREFIX_BYTES) throw new InvalidVectorPageError("It ends before its header.");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES || PREFIX_BYTES + Number(length) > bytes.byteLength) {
    throw new InvalidVectorPageError(`Its header would have ${length} bytes.`);
  }
  const start = PREFIX_BYTES + Number(length);
  const { __metadata__: about, vectors } = headerOf(bytes.subarray(PREFIX_BYTES, start));
  const [count, dimensions] = vectors.shape;
  const size = count * dimensions * BYTES_PER_HALF;
  if (vectors.data_offsets[1] !== size || bytes.byteLength !== start + size) {
    throw new InvalidVectorPageError(
      `[${vectors.shape}] halves take ${size} bytes, not those that there are.`,
    );
  }
  const ids = about.ids === "" ? [] : about.ids.split("\n");
  if (ids.length !== count || !ids.every((id) => ItemId.safeParse(id).success)) {
    throw new InvalidVectorPageError(`It has ${ids.length} ids, or such as are none, for ${count} vectors.`);
  }
  const halves = new Uint16Array(bytes.slice(start).buffer);
  return { model: about.model, dimensions, ids, vectors: halves, next: about.next };
}

function headerOf(bytes: Uint8Array): z.infer<typeof Header> {
  try {
    return Header.parse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)));
  } catch (error) {
    throw new InvalidVectorPageError("Its header is not that of a page of vectors.", error);
  }
}
