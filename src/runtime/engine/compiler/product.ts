/** The operands of matrix products and convolutions: packed weights, biases, scales, clamps. */
import { Gemm, Store } from "../program/fields.ts";
import { gemmWeight } from "../reference/packing.ts";
import { Unsupported } from "./lowering.ts";
import type { ProgramBuilder, Word } from "./program-builder.ts";
import type { Quantisation } from "./quantisation.ts";
import { CHANNEL_BLOCK, roundUp } from "./view.ts";

/** A layer of sums: for each of `columns` outputs, `depth` weights. */
export interface Sums {
  readonly columns: number;
  /** Padded length of a sum. */
  readonly depth: number;
  /** Signed byte of output `column` at sum index `k`; 0 where there is padding. */
  readonly weight: (column: number, k: number) => number;
  /** Real numbers, one an output (or one for all). */
  readonly scale: ArrayLike<number>;
  /** In real numbers. */
  readonly bias: ArrayLike<number>;
}

/** Largest sum length of the kernels: 4 rows of it fit into their working memory. */
const MAX_DEPTH = 8192;
/** Rounding is exact below this (see `kernels/requantise.ts`). */
const MAX_SCALED = 2 ** 22;

/**
 * Bias of sums that start from it, and the factor that each sum gets.
 * @param output Undefined when the sums become floats.
 * @throws {Unsupported} when a sum could overflow or be too large to round.
 */
export function sumConstants(
  { columns, depth, weight, scale, bias }: Sums,
  input: Quantisation,
  output: Quantisation | undefined,
): { readonly bias: Int32Array; readonly factor: Float32Array } {
  const padded = roundUp(columns, CHANNEL_BLOCK);
  const [biases, factors] = [new Int32Array(padded), new Float32Array(padded)];
  for (let column = 0; column < columns; column++) {
    const step = input.scale * (scale.length === 1 ? scale[0]! : scale[column]!);
    let [sum, magnitude] = [0, 0];
    for (let k = 0; k < depth; k++) {
      const value = weight(column, k);
      sum += value;
      magnitude += Math.abs(value);
    }
    const real = step === 0 ? 0 : Math.round((bias[column] ?? 0) / step);
    const start = real - input.zero * sum;
    const factor = step / (output?.scale ?? 1);
    const largest = Math.abs(start) + magnitude * input.high;
    if (largest >= 2 ** 31) throw new Unsupported(`output ${column} can overflow 32 bits`);
    if (output && largest * Math.abs(factor) >= MAX_SCALED) {
      throw new Unsupported(`output ${column} can exceed 2^22 steps of its output scale`);
    }
    biases[column] = start;
    factors[column] = factor;
  }
  return { bias: biases, factor: factors };
}

/** Words of a product, all but the input's and the output's place. */
export function productWords(
  builder: ProgramBuilder,
  sums: Sums,
  rows: number,
  input: Quantisation,
  output: Quantisation | undefined,
): Record<number, Word> {
  const columns = roundUp(sums.columns, 8);
  const pixel = roundUp(sums.columns, CHANNEL_BLOCK);
  if (sums.depth > MAX_DEPTH)
    throw new Unsupported(`sums of ${sums.depth} products are longer than ${MAX_DEPTH}`);
  const packed = new Int8Array(columns * sums.depth);
  const dense = new Int8Array(sums.columns * sums.depth);
  for (let column = 0; column < sums.columns; column++) {
    for (let k = 0; k < sums.depth; k++) {
      const weight = sums.weight(column, k);
      dense[column * sums.depth + k] = weight;
      packed[gemmWeight(column, k, sums.depth)] = weight;
    }
  }
  const { bias, factor } = sumConstants(
    { ...sums, weight: (column, k) => dense[column * sums.depth + k]! },
    input,
    output,
  );
  return {
    [Gemm.Rows]: rows,
    [Gemm.Depth]: sums.depth,
    [Gemm.Columns]: columns,
    [Gemm.Weights]: builder.constant(packed),
    [Gemm.Bias]: builder.constant(bias),
    [Gemm.Scale]: builder.constant(factor),
    [Gemm.OutputStride]: output ? pixel : 4 * pixel,
    [Gemm.Zero]: output?.zero ?? 0,
    [Gemm.Low]: output?.low ?? 0,
    [Gemm.High]: output?.high ?? 0,
    [Gemm.Store]: output ? Store.Byte : Store.Float,
    [Gemm.FullRange]: Number(input.high > 127),
    [Gemm.Batch]: 1,
  };
}
