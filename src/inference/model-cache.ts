/** Sessions of models, loaded once when first used, the least recently used dropped to stay within a budget. */
import { ModelLoadError } from "../runtime/errors.ts";
import { assertModelFile } from "../runtime/integrity.ts";
import { type ModelManifest, pinnedName } from "../runtime/manifest.ts";
import type { Runtime, Session } from "../runtime/session.ts";
import type { HostedModel, ModelStore } from "./model-store.ts";

/** An isolate has 128 MB; what the heaps do not take is left for code, requests and model files on their way. */
export const MEMORY_BUDGET_BYTES = 96 * 1024 * 1024;

/** The heap that sessions share (onnxruntime-web's) before the first session. */
const SHARED_HEAP_BYTES = 16 * 1024 * 1024;

/** Heap that a session takes for each byte of its model, as long as it is neither declared nor measured. */
const HEAP_PER_MODEL_BYTE = 3;

/** A load that takes longer was started by a request that is cancelled: it never ends, and starts anew. */
const LOAD_PATIENCE_MS = 30_000;

export interface ModelCacheOptions {
  readonly store: ModelStore;
  readonly runtime: Runtime;
  /** Bytes of all heaps together. @default {@link MEMORY_BUDGET_BYTES} */
  readonly budgetBytes?: number | undefined;
  /** Milliseconds after which a load counts as vanished; a process whose loads always end sets `Infinity`. @default {@link LOAD_PATIENCE_MS} */
  readonly loadPatienceMs?: number | undefined;
}

interface Entry {
  readonly session: Promise<Session>;
  readonly startedAt: number;
  /** Whether the session has a heap of its own, as far as is known; else it lives in the shared one. */
  ownHeap: boolean;
  /** The session, when it is there. */
  ready?: Session;
  /** Bytes of heap that the session is taken to need: its own heap, or its part of the shared one. */
  cost: number;
  measured: boolean;
  users: number;
}

/**
 * What counts is the sum of the heaps. A session with a heap of its own gives it back when it is evicted. The shared
 * heap never shrinks, not even when its last session is gone: evicting one of its sessions only makes room for others
 * in it, and is done only where that keeps it from growing.
 */
export class ModelCache {
  readonly #store: ModelStore;
  readonly #runtime: Runtime;
  readonly #budgetBytes: number;
  readonly #loadPatienceMs: number;
  /** By `name@revision`, in the order of last use, the oldest first. */
  readonly #entries = new Map<string, Entry>();
  /** Measured parts of the shared heap. */
  readonly #knownCosts = new Map<string, number>();
  /** Size of the shared heap when it was last looked at; 0 before its first session. */
  #sharedBytes = 0;

  constructor(options: ModelCacheOptions) {
    this.#store = options.store;
    this.#runtime = options.runtime;
    this.#budgetBytes = options.budgetBytes ?? MEMORY_BUDGET_BYTES;
    this.#loadPatienceMs = options.loadPatienceMs ?? LOAD_PATIENCE_MS;
  }

  /** Bytes of all heaps: those of loaded sessions, and the shared one as it was last seen. */
  get heapBytes(): number {
    let bytes = this.#sharedBytes;
    for (const { ownHeap, ready } of this.#entries.values()) {
      if (ownHeap && ready) bytes += ready.memory().heapBytes;
    }
    return bytes;
  }

  /** The session of a model that is loaded. */
  loaded(manifest: ModelManifest): Session | undefined {
    return this.#entries.get(pinnedName(manifest))?.ready;
  }

  /**
   * Hands the model's session to `work`, loading it first if need be; concurrent first uses share one load, and
   * nothing is evicted while it works.
   * @throws {ModelLoadError}
   */
  async use<Result>(model: HostedModel, work: (session: Session) => Promise<Result>): Promise<Result> {
    const name = pinnedName(model.manifest);
    const entry = this.#entry(model);
    entry.users++;
    try {
      const session = await entry.session;
      const result = await work(session);
      this.#measure(name, entry, session);
      await this.#makeRoom(name);
      return result;
    } finally {
      entry.users--;
    }
  }

  #entry(model: HostedModel): Entry {
    const name = pinnedName(model.manifest);
    const known = this.#entries.get(name);
    if (known && (known.ready || Date.now() - known.startedAt < this.#loadPatienceMs)) {
      this.#entries.delete(name);
      this.#entries.set(name, known);
      return known;
    }
    const entry: Entry = {
      session: Promise.resolve().then(() => this.#load(model)),
      startedAt: Date.now(),
      ownHeap: this.#hasOwnHeap(model),
      cost: model.heapBytes ?? this.#knownCosts.get(name) ?? model.file.bytes * HEAP_PER_MODEL_BYTE,
      measured: false,
      users: 0,
    };
    this.#entries.set(name, entry);
    entry.session.then(
      (session) => {
        const { heapBytes, own = false } = session.memory();
        entry.ready = session;
        entry.ownHeap = own;
        if (own) entry.cost = heapBytes;
      },
      () => {
        if (this.#entries.get(name) === entry) this.#entries.delete(name);
      },
    );
    return entry;
  }

  /** What is expected before the session is there to ask. */
  #hasOwnHeap({ engine = this.#runtime.engine }: HostedModel): boolean {
    return engine === "engine";
  }

  async #load(model: HostedModel): Promise<Session> {
    const { manifest, precision, file } = model;
    const least = (model.heapBytes ?? file.bytes) + (this.#hasOwnHeap(model) ? 0 : SHARED_HEAP_BYTES);
    if (least > this.#budgetBytes) {
      const reason = `its heap of ${least} bytes or more does not fit the memory budget of ${this.#budgetBytes} bytes`;
      throw new ModelLoadError(manifest.name, reason);
    }
    await this.#makeRoom(pinnedName(manifest));
    const bytes = await this.#store.read(model);
    await assertModelFile(manifest, file, bytes);
    return this.#runtime.load(bytes, { manifest, precision });
  }

  /** Looks at the session's heap after a use: only an inference allocates its working memory. */
  #measure(name: string, entry: Entry, session: Session): void {
    const { heapBytes, modelBytes } = session.memory();
    if (entry.ownHeap) {
      entry.cost = heapBytes;
      return;
    }
    const before = Math.max(this.#sharedBytes, SHARED_HEAP_BYTES);
    const growth = Math.max(0, heapBytes - before);
    this.#sharedBytes = heapBytes;
    if (entry.measured) {
      entry.cost += growth;
    } else {
      // What evicted sessions left in the heap was filled before it grew.
      const free = Math.max(0, before - SHARED_HEAP_BYTES - this.#sharedCosts(entry));
      const reused = Math.min(free, Math.max(0, entry.cost - growth));
      entry.cost = Math.max(growth + reused, modelBytes);
      entry.measured = true;
    }
    this.#knownCosts.set(name, entry.cost);
  }

  /** Evicts the least recently used until the rest fits the budget; sessions at work and `except` stay. */
  async #makeRoom(except: string): Promise<void> {
    for (const [name, entry] of this.#entries) {
      const needed = this.#needed();
      if (needed <= this.#budgetBytes) return;
      if (name === except || entry.users > 0 || !entry.ready) continue;
      if (this.#needed(entry) >= needed) continue;
      this.#entries.delete(name);
      await entry.ready.dispose();
    }
  }

  /** Bytes that all heaps take once every load under way has ended, without one entry. */
  #needed(without?: Entry): number {
    let own = 0;
    for (const entry of this.#entries.values()) if (entry.ownHeap && entry !== without) own += entry.cost;
    const shared = this.#sharedCosts(without);
    return own + Math.max(this.#sharedBytes, shared > 0 ? SHARED_HEAP_BYTES + shared : 0);
  }

  /** Bytes of the shared heap that sessions need, without one entry. */
  #sharedCosts(without?: Entry): number {
    let sum = 0;
    for (const entry of this.#entries.values()) if (!entry.ownHeap && entry !== without) sum += entry.cost;
    return sum;
  }
}
