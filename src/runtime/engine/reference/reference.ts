/**
 * The engine in plain TypeScript: every instruction as its definition, slow and obvious. The kernels must leave the
 * same bits in memory.
 */
import { Op } from "../program/fields.ts";
import { packActivations, softmax } from "./attention.ts";
import { add, copy, resize, scaleChannels, table } from "./elementwise.ts";
import { dequantise, layerNorm, linear, quantise, unitLength } from "./floats.ts";
import { type Instruction, Memory } from "./memory.ts";
import { averagePool, maxPool } from "./pool.ts";
import { convolution, depthwise, gemm } from "./products.ts";

const OPERATORS: Readonly<Record<Op, (memory: Memory, instruction: Instruction) => void>> = {
  [Op.Gemm]: gemm,
  [Op.Convolution]: convolution,
  [Op.Depthwise]: depthwise,
  [Op.Add]: add,
  [Op.Table]: table,
  [Op.AveragePool]: averagePool,
  [Op.MaxPool]: maxPool,
  [Op.Resize]: resize,
  [Op.Copy]: copy,
  [Op.ScaleChannels]: scaleChannels,
  [Op.Quantise]: quantise,
  [Op.Dequantise]: dequantise,
  [Op.LayerNorm]: layerNorm,
  [Op.Linear]: linear,
  [Op.UnitLength]: unitLength,
  [Op.Softmax]: softmax,
  [Op.PackActivations]: packActivations,
};

/**
 * Runs `count` instructions from address `program` on the buffer.
 * @returns the address behind the last.
 */
export function runReference(buffer: ArrayBufferLike, program: number, count: number): number {
  const memory = new Memory(buffer);
  let address = program;
  for (let left = count; left > 0; left--) {
    OPERATORS[memory.integer(address) as Op](memory, memory.instruction(address));
    address += 4 * memory.integer(address + 4);
  }
  return address;
}
