/** The engine's module: runs a program, an array of instructions (see `program/fields.ts`). */
import { Op } from "../program/fields";
import { add, table } from "./add";
import { packActivations, softmax } from "./attention";
import { convolution } from "./convolution";
import { depthwise } from "./depthwise";
import { dequantise, layerNorm, linear, quantise, unitLength } from "./floats";
import { gemm } from "./gemm";
import { copy, resize } from "./move";
import { averagePool, maxPool } from "./pool";
import { choose, oneStep } from "./processor";
import { scaleChannels } from "./scale-channels";

/** First address that a plan may use. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}

/** Whether the dot product is one instruction on this processor, or what was chosen by hand. */
export function multipliesInOneStep(): bool {
  return oneStep;
}

/** Takes the kernels for processors where it is, or is not. */
export function multiplyInOneStep(one: bool): void {
  choose(one);
}

/**
 * Runs `count` instructions from address `program`.
 * @returns the address behind the last.
 */
export function run(program: usize, count: i32): usize {
  for (; count > 0; count--) {
    execute(program);
    program += load<u32>(program, 4) << 2;
  }
  return program;
}

function execute(instruction: usize): void {
  switch (load<i32>(instruction)) {
    case Op.Gemm: return gemm(instruction);
    case Op.Convolution: return convolution(instruction);
    case Op.Depthwise: return depthwise(instruction);
    case Op.Add: return add(instruction);
    case Op.Table: return table(instruction);
    case Op.AveragePool: return averagePool(instruction);
    case Op.MaxPool: return maxPool(instruction);
    case Op.Resize: return resize(instruction);
    case Op.Copy: return copy(instruction);
    case Op.ScaleChannels: return scaleChannels(instruction);
    case Op.Quantise: return quantise(instruction);
    case Op.Dequantise: return dequantise(instruction);
    case Op.LayerNorm: return layerNorm(instruction);
    case Op.Linear: return linear(instruction);
    case Op.UnitLength: return unitLength(instruction);
    case Op.Softmax: return softmax(instruction);
    case Op.PackActivations: return packActivations(instruction);
    default: unreachable();
  }
}
