/** A product that stays in the first-level cache and has long sums: the most that the inner product can reach. */
import { ProgramBuilder } from "../../src/runtime/engine/compiler/program-builder.ts";
import type { Plan } from "../../src/runtime/engine/plan.ts";
import { Gemm, Op } from "../../src/runtime/engine/program/fields.ts";

const [ROWS, DEPTH, COLUMNS] = [24, 504, 48];

export function peakPlan(): Plan & { readonly macs: number; readonly pixels: number } {
  const builder = new ProgramBuilder();
  const input = builder.tensor(ROWS * DEPTH);
  const output = builder.tensor(4 * ROWS * COLUMNS);
  builder.input(input);
  builder.output(output);
  const macs = ROWS * DEPTH * COLUMNS;
  const words = {
    [Gemm.Input]: input,
    [Gemm.InputStride]: DEPTH,
    [Gemm.Rows]: ROWS,
    [Gemm.Depth]: DEPTH,
    [Gemm.Columns]: COLUMNS,
    [Gemm.Weights]: builder.constant(new Int8Array(COLUMNS * DEPTH).fill(3)),
    [Gemm.Bias]: builder.constant(new Int32Array(COLUMNS)),
    [Gemm.Scale]: builder.constant(new Float32Array(COLUMNS).fill(1e-4)),
    [Gemm.Output]: output,
    [Gemm.OutputStride]: COLUMNS,
    [Gemm.High]: 127,
    [Gemm.Batch]: 1,
  };
  builder.emit("peak", Op.Gemm, Gemm.Length, words, macs);
  const { image, addressOf, header } = builder.build();
  const pixels = ROWS * DEPTH;
  const tensor = { rows: 1, channelsFirst: false } as const;
  return {
    image,
    macs,
    pixels,
    header: {
      version: 1,
      ...header,
      inputs: [
        {
          ...{ name: "input", datatype: "UINT8", shape: [1, pixels], count: pixels, stride: pixels },
          ...{ address: addressOf(input), ...tensor },
        },
      ],
      outputs: [
        {
          ...{ name: "output", datatype: "FP32", shape: [1, 64], count: 64, stride: 64 },
          ...{ address: addressOf(output), ...tensor },
        },
      ],
    },
  };
}
