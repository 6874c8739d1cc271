/** Sessions of models, loaded once when first used, the least recently used dropped to stay within a budget. */
import { ModelLoadError } from "../runtime/errors.ts";
import { assertModelFile } from "../runtime/integrity.ts";
import type { Runtime, Session } from "../runtime/session.ts";
import type { HostedModel, ModelStore } from "./model-store.ts";

/** An isolate has 128 MB; what the heap does not take is left for code, requests and model files on their way. */
export const MEMORY_BUDGET_BYTES = 96 * 1024 * 1024;

/** onnxruntime-web's heap before the first session; kept free for it even while it has none. */
const ENGINE_BYTES = 16 * 1024 * 1024;

/** Heap that a session takes for each byte of its model, as long as it has not been measured. */
const HEAP_PER_MODEL_BYTE = 3;

/** A load that takes longer was started by a request that is cancelled: it never ends, and starts anew. */
const LOAD_PATIENCE_MS = 30_000;

export interface ModelCacheOptions {
  readonly store: ModelStore;
  readonly runtime: Runtime;
  /** Bytes of the engines' heaps. @default {@link MEMORY_BUDGET_BYTES} */
  readonly budgetBytes?: number | undefined;
}

interface Entry {
  readonly session: Promise<Session>;
  readonly startedAt: number;
  readonly heapBefore: number;
  readonly estimate: number;
  /** The session, when it is there. */
  ready?: Session;
  /** Bytes of heap that the session is taken to need. */
  cost: number;
  /** Whether they are a heap of its own. */
  own: boolean;
  measured: boolean;
  users: number;
}

export class ModelCache {
  readonly #store: ModelStore;
  readonly #runtime: Runtime;
  readonly #budgetBytes: number;
  /** In the order of last use, the oldest first. */
  readonly #entries = new Map<string, Entry>();
  readonly #knownCosts = new Map<string, number>();
  #sharedHeapBytes = 0;
  /** WebAssembly memory never shrinks: what evicted sessions left is filled before the heap grows again. */
  #freeBytes = 0;

  constructor(options: ModelCacheOptions) {
    this.#store = options.store;
    this.#runtime = options.runtime;
    this.#budgetBytes = options.budgetBytes ?? MEMORY_BUDGET_BYTES;
  }

  /** Bytes of all heaps when they were last looked at. */
  get heapBytes(): number {
    const own = [...this.#entries.values()].filter((entry) => entry.own);
    return own.reduce((sum, entry) => sum + entry.cost, this.#sharedHeapBytes);
  }

  /** The session of a model that is loaded. */
  loaded(name: string): Session | undefined {
    return this.#entries.get(name)?.ready;
  }

  /**
   * Hands the model's session to `work`, loading it first if need be; concurrent first uses share one load, and
   * nothing is evicted while it works.
   * @throws {ModelLoadError}
   */
  async use<Result>(model: HostedModel, work: (session: Session) => Promise<Result>): Promise<Result> {
    const entry = this.#entry(model);
    entry.users++;
    try {
      const session = await entry.session;
      const result = await work(session);
      await this.#measure(model.manifest.name, entry, session);
      return result;
    } finally {
      entry.users--;
    }
  }

  #entry(model: HostedModel): Entry {
    const { name } = model.manifest;
    const known = this.#entries.get(name);
    if (known && (known.ready || Date.now() - known.startedAt < LOAD_PATIENCE_MS)) {
      this.#entries.delete(name);
      this.#entries.set(name, known);
      return known;
    }
    const estimate = this.#knownCosts.get(name) ?? model.file.bytes * HEAP_PER_MODEL_BYTE;
    const entry: Entry = {
      session: Promise.resolve().then(() => this.#load(model)),
      startedAt: Date.now(),
      heapBefore: Math.max(this.#sharedHeapBytes, ENGINE_BYTES),
      estimate,
      cost: estimate,
      own: false,
      measured: false,
      users: 0,
    };
    this.#entries.set(name, entry);
    entry.session.then(
      (session) => {
        entry.ready = session;
      },
      () => {
        if (this.#entries.get(name) === entry) this.#entries.delete(name);
      },
    );
    return entry;
  }

  async #load({ manifest, precision, file }: HostedModel): Promise<Session> {
    if (ENGINE_BYTES + file.bytes > this.#budgetBytes) {
      const reason = `its ${file.bytes} bytes do not fit the memory budget of ${this.#budgetBytes} bytes`;
      throw new ModelLoadError(manifest.name, reason);
    }
    await this.#makeRoom(manifest.name);
    const bytes = await this.#store.read({ manifest, precision, file });
    await assertModelFile(manifest, file, bytes);
    return this.#runtime.load(bytes, { manifest, precision });
  }

  /** What the session added, seen after its first inference: only that allocates its working memory. */
  async #measure(name: string, entry: Entry, session: Session): Promise<void> {
    const { heapBytes, own = false, modelBytes } = session.memory();
    if (!own) this.#sharedHeapBytes = heapBytes;
    if (entry.measured) return;
    entry.measured = true;
    entry.own = own;
    if (own) entry.cost = heapBytes;
    else {
      const growth = Math.max(0, heapBytes - entry.heapBefore);
      const reused = Math.min(this.#freeBytes, Math.max(0, entry.estimate - growth));
      this.#freeBytes -= reused;
      entry.cost = Math.max(growth + reused, modelBytes);
    }
    this.#knownCosts.set(name, entry.cost);
    await this.#makeRoom(name);
  }

  /** Evicts the least recently used until the rest fits the budget; sessions at work and `except` stay. */
  async #makeRoom(except: string): Promise<void> {
    for (const [name, entry] of this.#entries) {
      if (this.#needed() <= this.#budgetBytes) return;
      if (name === except || entry.users > 0 || !entry.ready) continue;
      this.#entries.delete(name);
      if (!entry.own) this.#freeBytes += entry.cost;
      await entry.ready.dispose();
    }
  }

  #needed(): number {
    return [...this.#entries.values()].reduce((sum, entry) => sum + entry.cost, ENGINE_BYTES);
  }
}
