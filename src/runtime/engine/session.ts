/** A model on the engine: one instance of the module, its linear memory filled from a plan. */
import { InferenceError, InvalidTensorError, reasonOf } from "../errors.ts";
import type { ModelManifest } from "../manifest.ts";
import { inputsOf, outputsOf } from "../manifest-tensors.ts";
import { narrowed } from "../narrow.ts";
import type { Memory, Session } from "../session.ts";
import type { NumericTensors, TensorSpec, Tensors } from "../tensor.ts";
import { assertInputs, assertOutputs } from "../validate.ts";
import { PLAN_BASE, type Plan, type PlanHeader, type PlanTensor } from "./plan.ts";

/** What the module exports: see `kernels/engine.ts`. */
export interface EngineExports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  run(program: number, count: number): number;
  multipliesInOneStep(): number;
  multiplyInOneStep(one: boolean): void;
}

const PAGE_BYTES = 65536;

/** Bytes of linear memory that a session of a plan has: whole pages. */
export function heapBytesOf({ header }: Pick<Plan, "header">): number {
  return Math.ceil(header.memoryBytes / PAGE_BYTES) * PAGE_BYTES;
}

/** Puts a plan into a fresh instance. @throws {RangeError} when memory does not suffice. */
export function loadPlan(module: WebAssembly.Module, { header, image }: Plan): EngineExports {
  const engine = new WebAssembly.Instance(module).exports as unknown as EngineExports;
  if (engine.heapBase() > PLAN_BASE) throw new RangeError("The module is newer than the plan's layout.");
  const missing = heapBytesOf({ header }) - engine.memory.buffer.byteLength;
  if (missing > 0) engine.memory.grow(missing / PAGE_BYTES);
  new Uint8Array(engine.memory.buffer).set(image, PLAN_BASE);
  return engine;
}

export interface EngineSessionOptions {
  readonly manifest: ModelManifest;
  readonly plan: Plan;
  readonly module: WebAssembly.Module;
  /** `relaxed` or `simd`. */
  readonly build: string;
  readonly modelBytes: number;
}

export class EngineSession implements Session {
  readonly engine = "engine";
  readonly provider: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #name: string;
  readonly #modelBytes: number;
  /** Of the plan; its image is in linear memory, and is not kept a second time. */
  readonly #header: PlanHeader;
  #kernels: EngineExports | undefined;

  /** @throws {TypeError} when the plan's inputs or outputs differ from the manifest. */
  constructor(options: EngineSessionOptions) {
    const { manifest, plan } = options;
    this.provider = options.build;
    this.inputs = inputsOf(manifest).reduce(narrowed, plan.header.inputs.map(toSpec));
    this.outputs = outputsOf(manifest).reduce(narrowed, plan.header.outputs.map(toSpec));
    this.#name = manifest.name;
    this.#modelBytes = options.modelBytes;
    this.#header = plan.header;
    this.#kernels = loadPlan(options.module, options.plan);
  }

  /** A batch runs picture by picture: the arena holds one. */
  async run(inputs: Tensors, outputs?: readonly string[]): Promise<NumericTensors> {
    const kernels = this.#kernels;
    if (!kernels) throw new InferenceError(this.#name, "the session was disposed");
    assertInputs(this.inputs, inputs);
    assertOutputs(this.outputs, outputs ?? []);
    const batch = batchOf(inputs);
    try {
      return this.#infer(kernels, inputs, batch, outputs ?? this.outputs.map((spec) => spec.name));
    } catch (error) {
      throw new InferenceError(this.#name, reasonOf(error), error);
    }
  }

  memory(): Memory {
    const heapBytes = this.#kernels?.memory.buffer.byteLength ?? 0;
    return { heapBytes, own: true, modelBytes: this.#modelBytes };
  }

  async dispose(): Promise<void> {
    this.#kernels = undefined;
  }

  #infer(
    kernels: EngineExports,
    inputs: NumericTensors,
    batch: number,
    names: readonly string[],
  ): NumericTensors {
    const header = this.#header;
    const wanted = header.outputs.filter((tensor) => names.includes(tensor.name));
    const results = wanted.map((tensor) => new Float32Array(batch * tensor.rows * tensor.count));
    for (let item = 0; item < batch; item++) {
      for (const { name, address, count } of header.inputs) {
        const pixels = inputs[name]!.data as Uint8Array;
        new Uint8Array(kernels.memory.buffer, address, count).set(
          pixels.subarray(item * count, (item + 1) * count),
        );
      }
      kernels.run(header.program, header.instructions.length);
      for (const [index, tensor] of wanted.entries()) {
        const size = tensor.rows * tensor.count;
        read(kernels.memory.buffer, tensor, results[index]!.subarray(item * size, (item + 1) * size));
      }
    }
    return Object.fromEntries(
      wanted.map(({ name, shape }, index) => [
        name,
        { datatype: "FP32" as const, shape: [batch, ...shape.slice(1)], data: results[index]! },
      ]),
    );
  }
}

/** How many items the inputs hold. @throws {InvalidTensorError} when one holds another number of them. */
function batchOf(inputs: NumericTensors): number {
  const [batch = 1] = Object.values(inputs)[0]?.shape ?? [];
  for (const [name, { shape }] of Object.entries(inputs)) {
    if (shape[0] !== batch) throw new InvalidTensorError(name, `a batch of ${batch}`, `one of ${shape[0]}`);
  }
  return batch;
}

const toSpec = ({ name, datatype, shape }: PlanTensor): TensorSpec => ({ name, datatype, shape });

/** Copies an output out of linear memory, channels first where the model declares it so. */
function read(memory: ArrayBufferLike, tensor: PlanTensor, to: Float32Array): void {
  const { address, rows, count, stride, channelsFirst } = tensor;
  const from = new Float32Array(memory, address, rows * stride);
  for (let row = 0; row < rows; row++) {
    const values = from.subarray(row * stride, row * stride + count);
    if (channelsFirst) for (let i = 0; i < count; i++) to[i * rows + row] = values[i]!;
    else to.set(values, row * count);
  }
}
