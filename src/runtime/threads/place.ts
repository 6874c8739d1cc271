/** The place of a thread: when the thread dies, another takes its place and loads the same models. */
import { EngineDiedError } from "../errors.ts";
import type { LoadOptions } from "../session.ts";
import type { NumericTensors } from "../tensor.ts";
import { copied, type Loaded, type Order, type Ran, type Results } from "./messages.ts";
import { Thread, type ThreadOptions } from "./thread.ts";

/** A model that the threads of a runtime have. */
export interface ThreadModel {
  readonly session: number;
  /** In shared memory. */
  readonly bytes: Uint8Array;
  readonly options: LoadOptions;
}

export class Place {
  readonly #options: Omit<ThreadOptions, "onEnd">;
  readonly #loaded = new Map<ThreadModel, Promise<Loaded>>();
  #thread: Thread | undefined;
  #closed = false;

  constructor(options: Omit<ThreadOptions, "onEnd">) {
    this.#options = options;
  }

  /** Questions that wait for this place's answer. */
  get pending(): number {
    return this.#thread?.pending ?? 0;
  }

  /** Loads a model, unless it is there. */
  load(model: ThreadModel): Promise<Loaded> {
    const known = this.#loaded.get(model);
    if (known) return known;
    const { session, bytes, options } = model;
    const order = { kind: "load", session, bytes, options } as const;
    const loaded = this.#ask(order, options.manifest.name);
    this.#loaded.set(model, loaded);
    loaded.catch(() => {
      if (this.#loaded.get(model) === loaded) this.#loaded.delete(model);
    });
    return loaded;
  }

  /** Runs a model; in a thread that has just taken this place, it is loaded first. */
  async run(model: ThreadModel, inputs: NumericTensors, outputs?: readonly string[]): Promise<Ran> {
    const loaded = this.load(model);
    // Asked at once: the thread keeps to the order, and a dispose that comes later does not overtake.
    loaded.catch(() => undefined);
    const { tensors, buffers } = copied(inputs);
    const order = { kind: "run", session: model.session, inputs: tensors, outputs } as const;
    const ran = this.#ask(order, model.options.manifest.name, buffers);
    const [, result] = await Promise.all([loaded, ran]);
    return result;
  }

  async drop(model: ThreadModel): Promise<void> {
    if (!this.#loaded.delete(model)) return;
    const order = { kind: "dispose", session: model.session } as const;
    // A thread that dies has let go of everything.
    await this.#thread?.ask(order, model.options.manifest.name).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#loaded.clear();
    await this.#thread?.end();
  }

  async #ask<Kind extends Order["kind"]>(
    order: Order & { readonly kind: Kind },
    about: string,
    buffers: readonly ArrayBuffer[] = [],
  ): Promise<Results[Kind]> {
    if (this.#closed) throw new EngineDiedError("the runtime was closed");
    this.#thread ??= new Thread({ ...this.#options, onEnd: (hadAnswered) => this.#replace(hadAnswered) });
    return this.#thread.ask<Kind>(order, about, buffers);
  }

  /** One that died before it answered anything would die again: its successor starts with the next question. */
  #replace(hadAnswered: boolean): void {
    const models = [...this.#loaded.keys()];
    this.#thread = undefined;
    this.#loaded.clear();
    if (this.#closed || !hadAnswered) return;
    for (const model of models) void this.load(model).catch(() => undefined);
  }
}
