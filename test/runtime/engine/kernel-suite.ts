/** Random instructions through the kernels and through the reference, on any platform. */
import { runReference } from "../../../src/runtime/engine/reference/reference.ts";
import { type Laid, Layout } from "./layout.ts";
import * as other from "./other-cases.ts";
import * as product from "./product-cases.ts";
import { Random } from "./random.ts";

export type MakeCase = (layout: Layout, random: Random) => Laid;

export const CASES: Readonly<Record<string, MakeCase>> = { ...pick(product), ...pick(other) };
const MEMORY_BYTES = 1280 * 1024;

function pick(module: object): Record<string, MakeCase> {
  return Object.fromEntries(Object.entries(module).filter(([name]) => name.endsWith("Case")));
}

/** What the module exports; see `kernels/engine.ts`. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  run(program: number, count: number): number;
  multiplyInOneStep(one: boolean): void;
}

/**
 * Runs `count` random instructions of one operator through the kernels and the reference.
 * @returns what differs first, or undefined when memory is the same after each.
 */
export function differenceIn(
  kernels: Kernels,
  operator: string,
  seed: number,
  count: number,
): string | undefined {
  if (kernels.memory.buffer.byteLength < MEMORY_BYTES) {
    kernels.memory.grow((MEMORY_BYTES - kernels.memory.buffer.byteLength) / 65536);
  }
  for (let current = seed; current < seed + count; current++) {
    kernels.multiplyInOneStep(current % 2 === 0);
    const byte = differenceInCase(kernels, CASES[operator]!, current);
    if (byte !== -1) return `seed ${current}: byte ${byte}`;
  }
  return undefined;
}

function differenceInCase(kernels: Kernels, make: MakeCase, seed: number): number {
  const base = kernels.heapBase();
  const memory = new Uint8Array(kernels.memory.buffer);
  memory.fill(0x5a, base);
  const random = new Random(seed);
  const { program, scratch } = make(new Layout(memory, base, random), random);
  const copy = memory.slice();
  const end = runReference(copy.buffer, program, 1);
  if (kernels.run(program, 1) !== end) return program;
  const actual = memory.slice(base);
  const wanted = copy.subarray(base);
  for (const bytes of [actual, wanted]) bytes.fill(0, scratch.start - base, scratch.end - base);
  return firstDifference(actual, wanted);
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const [wordsA, wordsB] = [a, b].map(
    (bytes) => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2),
  );
  for (let i = 0; i < wordsA!.length; i++) if (wordsA![i] !== wordsB![i]) return 4 * i;
  return -1;
}
