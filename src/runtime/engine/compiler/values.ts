/** What an ONNX value name stands for while the compiler walks the graph. */
import type { Buffer } from "./program-builder.ts";
import type { Quantisation } from "./quantisation.ts";
import type { View } from "./view.ts";

/** Bytes in memory, or to be there as soon as somebody asks for the buffer. */
export interface Bytes {
  readonly kind: "bytes";
  readonly view: View;
  readonly quantisation: Quantisation;
  /** Bytes of the whole buffer, padding included. */
  readonly size: number;
  /** Emits what computes it, once. */
  buffer(): Buffer;
  /** When each byte is a function of the byte at the same place in another tensor: that tensor and the function. */
  readonly table?: { readonly source: Bytes; readonly value: (x: number) => number };
  /** What the graph declares, where the engine took fewer bits. */
  readonly declared?: Quantisation;
  /** The real numbers that were rounded to these bytes: to round them in another way instead. */
  readonly origin?: Lazy;
}

/** Real numbers that are not stored until it is known how: usually a `QuantizeLinear` follows. */
export interface Lazy {
  readonly kind: "lazy";
  readonly shape: readonly number[];
  toBytes(quantisation: Quantisation): Bytes;
  toFloats(): Floats;
  /** When it is an elementwise function of bytes. */
  readonly table?: { readonly source: Bytes; readonly value: (x: number) => number };
  /** The same with every number cut to [min, max], where that costs nothing. */
  clamped?(min: number, max: number): Lazy;
  /** The same, times a factor and plus a term for each channel, where that costs nothing. */
  affine?(factor: readonly number[], term: readonly number[]): Lazy;
}

/** 32-bit floats, rows of `count` at a distance of `stride` elements. */
export interface Floats {
  readonly kind: "floats";
  readonly shape: readonly number[];
  readonly rows: number;
  readonly count: number;
  readonly stride: number;
  /** Whether rows are pixels of a shape that has channels first. */
  readonly channelsFirst: boolean;
  buffer(): Buffer;
}

/** A quantised constant: value = (data − zero) × scale along an axis. */
export interface Weights {
  readonly kind: "weights";
  readonly shape: readonly number[];
  /** Zero points already subtracted. */
  readonly data: ArrayLike<number>;
  readonly scale: ArrayLike<number>;
  readonly axis: number;
  /** Largest minus smallest value of the type: whether the data fit signed bytes. */
  readonly fitsSignedBytes: boolean;
}

export interface Constant {
  readonly kind: "constant";
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

export type Value = Bytes | Lazy | Floats | Weights | Constant;

/** All numbers of a constant, dequantised. */
export function realNumbers(value: Weights | Constant): number[] {
  if (value.kind === "constant") return Array.from(value.data);
  const inner = value.shape.slice(value.axis + 1).reduce((product, size) => product * size, 1);
  const along = value.shape[value.axis] ?? 1;
  return Array.from(value.data, (item, i) => {
    const scale = value.scale.length === 1 ? value.scale[0]! : value.scale[Math.floor(i / inner) % along]!;
    return item * scale;
  });
}
