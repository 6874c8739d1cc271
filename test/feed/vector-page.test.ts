import { describe, expect, it } from "vitest";
import {
  decodeVectorPage,
  encodeVectorPage,
  InvalidVectorPageError,
  MAX_VECTORS_PER_PAGE,
} from "../../src/feed/vector-page.ts";
import { fromHalf } from "../../src/runtime/half.ts";

const page = {
  model: "itemsage@0123456789ab",
  dimensions: 3,
  ids: ["chair-1", "chair-2"],
  vectors: Float32Array.of(0.5, -0.25, 1, 0, 2 ** -24, 65504),
  next: "bmV4dA",
};

/** A page whose header says something else. */
function withHeader(change: (header: Record<string, never>) => unknown): Uint8Array {
  const bytes = encodeVectorPage(page);
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  change(header);
  const text = new TextEncoder().encode(JSON.stringify(header));
  const whole = new Uint8Array(8 + text.length + bytes.length - 8 - length);
  new DataView(whole.buffer).setBigUint64(0, BigInt(text.length), true);
  whole.set(text, 8);
  whole.set(bytes.subarray(8 + length), 8 + text.length);
  return whole;
}

describe("a page of vectors", () => {
  it("comes back as it was, at half precision", () => {
    const { vectors, ...rest } = decodeVectorPage(encodeVectorPage(page));
    const { vectors: sent, ...about } = page;
    expect(rest).toEqual(about);
    expect(fromHalf(vectors)).toEqual(sent);
  });

  it("may be empty and the last", () => {
    const empty = { ...page, ids: [], vectors: new Float32Array(0), next: undefined };
    expect(decodeVectorPage(encodeVectorPage(empty))).toMatchObject({ ids: [], next: undefined });
  });

  it("is a safetensors file: a length, JSON with offsets, and elements at a multiple of eight", () => {
    const bytes = encodeVectorPage(page);
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect((8 + length) % 8).toBe(0);
    const { vectors } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(vectors).toEqual({ dtype: "F16", shape: [2, 3], data_offsets: [0, 12] });
    expect(bytes.length).toBe(8 + length + 12);
  });

  const broken: [string, () => Uint8Array][] = [
    ["no bytes", () => new Uint8Array(0)],
    ["a header of 2⁶³ bytes", () => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x80, 0x7b)],
    ["a header that is no JSON", () => Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0x7b)],
    ["elements that end early", () => encodeVectorPage(page).slice(0, -1)],
    ["elements that go on", () => Uint8Array.from([...encodeVectorPage(page), 0, 0])],
    ["another data type", () => withHeader((h) => Object.assign(h.vectors!, { dtype: "F32" }))],
    ["a shape of its own", () => withHeader((h) => Object.assign(h.vectors!, { shape: [2, 4] }))],
    ["more rows than ids", () => withHeader((h) => Object.assign(h.__metadata__!, { ids: "chair-1" }))],
    ["ids that are none", () => withHeader((h) => Object.assign(h.__metadata__!, { ids: "a\n../b" }))],
    [
      "too many rows",
      () => withHeader((h) => Object.assign(h.vectors!, { shape: [MAX_VECTORS_PER_PAGE + 1, 3] })),
    ],
    [
      "a model without a revision",
      () => withHeader((h) => Object.assign(h.__metadata__!, { model: "itemsage" })),
    ],
  ];
  it.each(broken)("is refused with %s", (_, make) => {
    expect(() => decodeVectorPage(make())).toThrow(InvalidVectorPageError);
  });
});
