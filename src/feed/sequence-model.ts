/**
 * The three graphs of a sequence-ranking model on onnxruntime-node. Keys and values stay on the device between them
 * where the provider is WebGPU; onnxruntime-node 1.30 binds outputs to no other device, so that with CUDA they go
 * through the CPU's memory.
 */
import type * as Ort from "onnxruntime-web";
import { InferenceError, ModelLoadError, reasonOf } from "../runtime/errors.ts";
import { fromHalf, toHalf } from "../runtime/half.ts";
import type { Precision, SequenceRankingManifest } from "../runtime/manifest.ts";
import { SEQUENCE_GRAPHS, type SequenceGraph, sequenceTensors } from "../runtime/manifest-sequence.ts";
import { narrowed } from "../runtime/narrow.ts";
import {
  createSession,
  type NativeProvider,
  type OrtNode,
  ortNode,
  providersOfMachine,
} from "../runtime/native-runtime.ts";
import { toTensorSpec } from "../runtime/onnx-tensor.ts";
import { elementCount, type NumericType } from "../runtime/tensor.ts";
import type { Held } from "./kv-pool.ts";

export interface SequenceFiles {
  readonly graphs: Readonly<Record<SequenceGraph, Uint8Array>>;
  readonly start: Uint8Array;
}

export interface SequenceOptions {
  readonly manifest: SequenceRankingManifest;
  /** fp32 or fp16: of the graphs' files. */
  readonly precision: Precision;
  /** @default the first of cuda, webgpu, cpu on which the machine loads the model */
  readonly provider?: NativeProvider | undefined;
  readonly threads?: number | undefined;
}

/** Tokens of one history, oldest first. */
export interface Tokens {
  /** Vectors of the item graph as halves, n × dimensions. */
  readonly items: Uint16Array;
  /** n × actions, 0 or 1. */
  readonly actions: Float32Array;
  /** ln(1 + seconds since the token before), n. */
  readonly gaps: Float32Array;
  readonly surfaces: BigInt64Array;
}

/** Keys and values of a history, START included, wherever they are. */
export interface History extends Held {
  readonly keys: Ort.Tensor;
  readonly values: Ort.Tensor;
  /** Tokens, START not counted. */
  readonly length: number;
  /** Unit vector of what comes next, n = dimensions. */
  readonly query: Float32Array;
}

/** Candidates share the moment and the surface. */
export interface Moment {
  /** ln(1 + seconds since the last token). */
  readonly gap: number;
  readonly surface: number;
}

const BYTES = { FP32: 4, FP16: 2 } as const;

/**
 * Threads of onnxruntime that wait for work sleep. By default they spin, those of each graph for themselves: on cores
 * that are busy with anything else, the other graphs included, an inference then takes two to ten times as long.
 */
const SLEEPING_THREADS = { session: { intra_op: { allow_spinning: "0" } } } as const;

export class SequenceModel {
  readonly manifest: SequenceRankingManifest;
  readonly precision: Precision;
  readonly provider: NativeProvider;
  readonly #ort: OrtNode;
  readonly #sessions: Readonly<Record<SequenceGraph, Ort.InferenceSession>>;
  readonly #start: { readonly keys: Ort.Tensor; readonly values: Ort.Tensor };
  /** Settles when what was asked for so far is done: sessions never meet on the device. */
  #idle: Promise<unknown> = Promise.resolve();

  private constructor(
    { manifest, precision }: SequenceOptions,
    provider: NativeProvider,
    ort: OrtNode,
    sessions: Readonly<Record<SequenceGraph, Ort.InferenceSession>>,
    start: Float32Array,
  ) {
    this.manifest = manifest;
    this.precision = precision;
    this.provider = provider;
    this.#ort = ort;
    this.#sessions = sessions;
    const { layers, heads, head_dimensions: head } = manifest;
    const [shape, half] = [[layers, 1, heads, 1, head], start.length / 2];
    this.#start = {
      keys: this.#floats(start.subarray(0, half), shape),
      values: this.#floats(start.subarray(half), shape),
    };
  }

  /** @throws {EngineUnavailableError} without onnxruntime-node; {ModelLoadError} when no provider loads the graphs. */
  static async load(files: SequenceFiles, options: SequenceOptions): Promise<SequenceModel> {
    const ort = await ortNode();
    const providers = options.provider ? [options.provider] : providersOfMachine(ort);
    const failures: unknown[] = [];
    for (const provider of providers) {
      const sessions = await openAll(ort, files, provider, options).catch((error) => {
        failures.push(error);
      });
      if (!sessions) continue;
      const start = new Float32Array(files.start.slice().buffer);
      return new SequenceModel(options, provider, ort, sessions, start);
    }
    const reason = `${providers.join(", ")}: ${failures.map(reasonOf).join("; ")}`;
    throw new ModelLoadError(options.manifest.name, reason, failures.at(-1));
  }

  /** Content vectors, n × content dimensions, to vectors that are searched and ranked, n × dimensions. */
  async items(content: Float32Array): Promise<Float32Array> {
    const { content: own } = this.manifest;
    const shape = [content.length / own.dimensions, own.dimensions];
    const { item } = await this.#run("item", { content: this.#floats(content, shape) });
    return this.#numbers(item!);
  }

  /**
   * Goes on where `past` ends, or begins with the START token.
   * @param tokens one or more
   */
  async history(tokens: Tokens, past?: History): Promise<History> {
    const { dimensions, actions, layers, heads, head_dimensions: head } = this.manifest;
    const count = tokens.gaps.length;
    const { keys: past_keys, values: past_values } = past ?? this.#start;
    const { query, keys, values } = await this.#run("history", {
      items: this.#halves(tokens.items, [1, count, dimensions]),
      actions: this.#floats(tokens.actions, [1, count, actions.length]),
      gaps: this.#floats(tokens.gaps, [1, count]),
      surfaces: new this.#ort.Tensor("int64", tokens.surfaces, [1, count]),
      lengths: this.#integer(count),
      past_keys,
      past_values,
    });
    const vector = this.#numbers(query!);
    if (!vector.every(Number.isFinite)) {
      keys!.dispose();
      values!.dispose();
      throw new InferenceError(`${this.manifest.name}/history`, "it answered what is no vector");
    }
    const length = (past?.length ?? 0) + count;
    const elements = elementCount([layers, heads, length + 1, head]);
    return {
      keys: keys!,
      values: values!,
      length,
      query: vector,
      bytes: 2 * elements * this.#elementBytes,
      dispose: () => {
        keys!.dispose();
        values!.dispose();
      },
    };
  }

  /** Probabilities of actions on candidates, k × actions. @param items halves, k × dimensions */
  async candidates(items: Uint16Array, { gap, surface }: Moment, history: History): Promise<Float32Array> {
    const { dimensions } = this.manifest;
    const { probabilities } = await this.#run("candidates", {
      items: this.#halves(items, [1, items.length / dimensions, dimensions]),
      gap: this.#floats(Float32Array.of(gap), [1]),
      surface: this.#integer(surface),
      keys: history.keys,
      values: history.values,
      lengths: this.#integer(history.length + 1),
    });
    const numbers = this.#numbers(probabilities!);
    if (numbers.every((one) => one >= 0 && one <= 1)) return numbers;
    throw new InferenceError(`${this.manifest.name}/candidates`, "it answered what are no probabilities");
  }

  /** Frees the graphs, once what runs is done. */
  async dispose(): Promise<void> {
    await this.#idle;
    for (const session of Object.values(this.#sessions)) await session.release();
  }

  #run(graph: SequenceGraph, feeds: Record<string, Ort.Tensor>): Promise<Ort.InferenceSession.ReturnType> {
    const result = this.#idle.then(async () => {
      try {
        return await this.#sessions[graph].run(feeds);
      } catch (error) {
        throw new InferenceError(`${this.manifest.name}/${graph}`, reasonOf(error), error);
      }
    });
    this.#idle = result.catch(() => undefined);
    return result;
  }

  get #elementBytes(): number {
    return this.precision === "fp16" ? BYTES.FP16 : BYTES.FP32;
  }

  #floats(values: Float32Array, shape: readonly number[]): Ort.Tensor {
    if (this.precision === "fp16") return this.#tensor("float16", toHalf(values), shape);
    return this.#tensor("float32", values.slice(), shape);
  }

  #halves(halves: Uint16Array, shape: readonly number[]): Ort.Tensor {
    if (this.precision === "fp16") return this.#tensor("float16", halves.slice(), shape);
    return this.#tensor("float32", fromHalf(halves), shape);
  }

  #integer(value: number): Ort.Tensor {
    return new this.#ort.Tensor("int64", BigInt64Array.of(BigInt(value)), [1]);
  }

  /** The constructor's overloads pair each type with its array. */
  #tensor(
    type: "float16" | "float32",
    data: Uint16Array | Float32Array,
    shape: readonly number[],
  ): Ort.Tensor {
    const make = this.#ort.Tensor as unknown as new (
      type: string,
      data: unknown,
      dims: readonly number[],
    ) => Ort.Tensor;
    return new make(type, data, shape);
  }

  #numbers({ type, data }: Ort.Tensor): Float32Array {
    if (type === "float32") return data as Float32Array;
    const { buffer, byteOffset, byteLength } = data as unknown as Uint16Array;
    return fromHalf(new Uint16Array(buffer, byteOffset, byteLength / BYTES.FP16));
  }
}

async function openAll(
  ort: OrtNode,
  { graphs }: SequenceFiles,
  provider: NativeProvider,
  { manifest, precision, threads }: SequenceOptions,
): Promise<Record<SequenceGraph, Ort.InferenceSession>> {
  const sessions: Partial<Record<SequenceGraph, Ort.InferenceSession>> = {};
  try {
    for (const graph of SEQUENCE_GRAPHS) {
      // Queries go to the index, which the CPU searches.
      const stay = { query: "cpu", keys: "gpu-buffer", values: "gpu-buffer" } as const;
      const onDevice = provider === "webgpu" && graph === "history";
      const more = {
        ...(onDevice && { preferredOutputLocation: stay }),
        ...(provider === "cpu" && { extra: SLEEPING_THREADS }),
      };
      const session = await createSession(ort, graphs[graph], provider, threads, more);
      sessions[graph] = session;
      assertTensors(session, manifest, graph, precision);
    }
    return sessions as Record<SequenceGraph, Ort.InferenceSession>;
  } catch (error) {
    for (const session of Object.values(sessions)) await session.release();
    throw error;
  }
}

/** @throws {TypeError} when a graph's own tensors are not those of the manifest */
function assertTensors(
  session: Ort.InferenceSession,
  manifest: SequenceRankingManifest,
  graph: SequenceGraph,
  precision: Precision,
): void {
  const { inputs, outputs } = sequenceTensors(manifest)[graph];
  const datatype: NumericType = precision === "fp16" ? "FP16" : "FP32";
  for (const [own, declared] of [
    [session.inputMetadata.map(toTensorSpec), inputs],
    [session.outputMetadata.map(toTensorSpec), outputs],
  ] as const) {
    declared
      .map((one) => (one.datatype === "FP32" ? { ...one, datatype } : one))
      .reduce((specs, one) => narrowed(specs, one), own);
    if (own.length !== declared.length) throw new TypeError(`graph ${graph} has ${own.length} tensors`);
  }
}
