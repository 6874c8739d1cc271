/** Any engine in worker threads: the thread that asks stays responsive, and a thread that dies is replaced. */
import { InferenceError } from "../errors.ts";
import type { EngineName, LoadOptions, Memory, Runtime, Session } from "../session.ts";
import type { NumericTensors, TensorSpec, Tensors } from "../tensor.ts";
import { assertInputs, assertOutputs } from "../validate.ts";
import type { Loaded } from "./messages.ts";
import { Place, type ThreadModel } from "./place.ts";

export interface ThreadRuntimeOptions {
  /** The JavaScript module that each thread runs: it calls `serveThread`. */
  readonly file: URL;
  /** The engine that it runs. @default "native" */
  readonly engine?: EngineName;
  /** Handed to it as `workerData`. */
  readonly data?: unknown;
  /** Milliseconds without an answer after which a thread is given up and replaced. @default {@link THREAD_PATIENCE_MS} */
  readonly patienceMs?: number | undefined;
  /** How many threads there are, each with every session; one per device. @default 1 */
  readonly threads?: number | undefined;
}

export interface ThreadRuntime extends Runtime {
  /** Ends the threads; what they have at work fails. */
  close(): Promise<void>;
}

/**
 * A thread runs one inference at a time, so that sessions never meet on its device.
 * @example
 * const runtime = threadRuntime({ file: new URL("./native-thread.js", import.meta.url), data: { provider: "cuda" } });
 * const session = await runtime.load(bytes, { manifest, precision: "fp16" });
 */
export function threadRuntime(options: ThreadRuntimeOptions): ThreadRuntime {
  const { file, data, patienceMs, engine = "native", threads = 1 } = options;
  const places = Array.from({ length: threads }, () => new Place({ file, data, patienceMs }));
  let sessions = 0;
  return {
    engine,
    async load(bytes, load) {
      const model = { session: sessions++, bytes: shared(bytes), options: load };
      const loads = await Promise.allSettled(places.map((place) => place.load(model)));
      const failed = loads.find(({ status }) => status === "rejected");
      if (failed?.status === "rejected") {
        await Promise.all(places.map((place) => place.drop(model)));
        throw failed.reason;
      }
      const [loaded] = loads as [PromiseFulfilledResult<Loaded>];
      return new ThreadSession(places, model, loaded.value);
    },
    async close() {
      await Promise.all(places.map((place) => place.close()));
    },
  };
}

/** Kept for threads to come, and read by all of them. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.byteLength));
  copy.set(bytes);
  return copy;
}

class ThreadSession implements Session {
  readonly engine: EngineName;
  readonly provider: string;
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly #places: readonly Place[];
  readonly #model: ThreadModel;
  /** As the thread last said. */
  #memory: Memory;
  #disposed: Promise<void> | undefined;

  constructor(places: readonly Place[], model: ThreadModel, loaded: Loaded) {
    this.engine = loaded.engine;
    this.provider = loaded.provider;
    this.inputs = loaded.inputs;
    this.outputs = loaded.outputs;
    this.#places = places;
    this.#model = model;
    this.#memory = loaded.memory;
  }

  async run(inputs: Tensors, outputs?: readonly string[]): Promise<NumericTensors> {
    if (this.#disposed) throw new InferenceError(this.#name(), "the session was disposed");
    assertInputs(this.inputs, inputs);
    assertOutputs(this.outputs, outputs ?? []);
    const idlest = this.#places.reduce((least, place) => (place.pending < least.pending ? place : least));
    const ran = await idlest.run(this.#model, inputs, outputs);
    this.#memory = ran.memory;
    return ran.outputs;
  }

  memory(): Memory {
    return this.#memory;
  }

  dispose(): Promise<void> {
    this.#disposed ??= Promise.all(this.#places.map((place) => place.drop(this.#model))).then(
      () => undefined,
    );
    return this.#disposed;
  }

  #name(): string {
    const { options }: { readonly options: LoadOptions } = this.#model;
    return options.manifest.name;
  }
}
