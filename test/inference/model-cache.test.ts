import { describe, expect, it } from "vitest";
import { ModelCache } from "../../src/inference/model-cache.ts";
import type { HostedModel, ModelStore } from "../../src/inference/model-store.ts";
import { sha256 } from "../../src/runtime/integrity.ts";
import type { Runtime, Session } from "../../src/runtime/session.ts";
import { fixtureManifest } from "../runtime/fixtures/index.ts";

const MB = 1024 * 1024;
const ENGINE = 16 * MB;

interface StoredModel {
  readonly hosted: HostedModel;
  bytes: Uint8Array;
}

/** A model of one megabyte. */
async function model(name: string): Promise<StoredModel> {
  const bytes = new Uint8Array(MB).fill(name.charCodeAt(0));
  const spec = { name: "x", datatype: "FP32" as const, shape: [-1, 3] };
  const manifest = fixtureManifest(name, { input: spec, output: spec });
  const file = { path: `${name}.onnx`, bytes: bytes.byteLength, sha256: await sha256(bytes) };
  return { hosted: { manifest, precision: "fp32", file }, bytes };
}

/**
 * A runtime with a shared heap that grows by what a session needs, reuses what was freed, and never shrinks. Models of
 * `own` have a heap of their own instead, as those of the engine.
 */
class FakeRuntime implements Runtime {
  readonly engine = "wasm";
  readonly events: string[] = [];
  /** Size of the shared heap. */
  heap = 0;
  /** How much of it is in use. */
  used = ENGINE;
  /** Sizes of the other heaps. */
  readonly ownHeaps = new Map<string, number>();
  /** Bytes of every heap together. */
  get total(): number {
    return [...this.ownHeaps.values()].reduce((sum, bytes) => sum + bytes, this.heap);
  }
  /** The most that they had together. */
  peak = 0;

  constructor(
    readonly bytesOfSession: number,
    readonly own: ReadonlySet<string>,
  ) {}

  async load(bytes: Uint8Array, { manifest: { name } }: { manifest: { name: string } }): Promise<Session> {
    this.events.push(`load ${name}`);
    const ownHeap = this.own.has(name);
    if (ownHeap) this.ownHeaps.set(name, this.bytesOfSession);
    else this.take(this.bytesOfSession);
    this.peak = Math.max(this.peak, this.total);
    const session: Partial<Session> = {
      memory: () => ({
        heapBytes: ownHeap ? (this.ownHeaps.get(name) ?? 0) : this.heap,
        own: ownHeap,
        modelBytes: bytes.byteLength,
      }),
      dispose: async () => {
        this.events.push(`dispose ${name}`);
        if (!this.ownHeaps.delete(name)) this.used -= this.bytesOfSession;
      },
    };
    return session as Session;
  }

  /** Takes so much of the shared heap. */
  take(bytes: number): void {
    this.used += bytes;
    this.heap = Math.max(this.heap, this.used);
  }
}

async function setUp(options: { budget?: number; session?: number; own?: string; declared?: boolean } = {}) {
  const models = { a: await model("a"), b: await model("b"), c: await model("c") };
  const byName: Readonly<Record<string, StoredModel>> = models;
  const runtime = new FakeRuntime(options.session ?? 10 * MB, new Set(options.own));
  const reads: string[] = [];
  const store: ModelStore = {
    list: async () => Object.values(models).map(({ hosted }) => hosted),
    read: async ({ manifest }) => {
      reads.push(manifest.name);
      return byName[manifest.name]!.bytes;
    },
  };
  const cache = new ModelCache({ store, runtime, budgetBytes: options.budget });
  const hosted = (name: string): HostedModel => ({
    ...byName[name]!.hosted,
    ...(runtime.own.has(name) && { engine: "engine" }),
    ...(options.declared && { heapBytes: runtime.bytesOfSession }),
  });
  const use = (name: string, work: (session: Session) => Promise<unknown> = async () => name) =>
    cache.use(hosted(name), work);
  return { cache, use, runtime, reads, models };
}

describe("the model cache", () => {
  it("loads a model once, for concurrent and later uses", async () => {
    const { use, reads } = await setUp();
    expect(await Promise.all([use("a"), use("a"), use("a")])).toEqual(["a", "a", "a"]);
    await use("a");
    expect(reads).toEqual(["a"]);
  });

  it("evicts the least recently used when the next does not fit", async () => {
    const { use, runtime } = await setUp({ budget: ENGINE + 25 * MB, declared: true });
    for (const name of ["a", "b", "a", "c", "a", "b"]) await use(name);
    expect(runtime.events).toEqual([
      ...["load a", "load b"],
      ...["dispose b", "load c"],
      ...["dispose c", "load b"],
    ]);
    expect(runtime.peak).toBe(ENGINE + 20 * MB);
  });

  it("makes room before it loads a model whose need it knows, so that the heap does not grow", async () => {
    const { use, runtime } = await setUp({ budget: ENGINE + 25 * MB });
    for (let round = 0; round < 5; round++) for (const name of ["a", "b", "c"]) await use(name);
    expect(runtime.heap).toBeLessThanOrEqual(ENGINE + 30 * MB);
  });

  it("never evicts a model that is at work", async () => {
    const { use, runtime, cache, models } = await setUp({ budget: ENGINE + 15 * MB });
    await use("a", async () => {
      await use("b");
      expect(runtime.events).not.toContain("dispose a");
      expect(cache.loaded(models.a.hosted.manifest)).toBeDefined();
    });
  });

  it("forgets a load that failed, and tries again", async () => {
    const { use, models, reads } = await setUp();
    const right = models.a.bytes;
    models.a.bytes = new Uint8Array(MB);
    await expect(use("a")).rejects.toThrow("sha256");
    models.a.bytes = right.subarray(1);
    await expect(use("a")).rejects.toThrow("bytes");
    models.a.bytes = right;
    await use("a");
    expect(reads).toEqual(["a", "a", "a"]);
  });

  it("refuses a model that cannot fit at all, without reading it", async () => {
    const { use, reads } = await setUp({ budget: ENGINE + MB / 2 });
    await expect(use("a")).rejects.toThrow("memory budget");
    expect(reads).toEqual([]);
  });

  it("counts heaps of their own one by one, and no shared heap where no session lives in it", async () => {
    const { use, runtime, cache } = await setUp({ budget: 20 * MB, own: "abc", declared: true });
    for (const name of ["a", "b", "a"]) await use(name);
    expect(cache.heapBytes).toBe(20 * MB);
    for (const name of ["c", "a"]) await use(name);
    expect(runtime.events).toEqual(["load a", "load b", "dispose b", "load c"]);
    expect(cache.heapBytes).toBe(20 * MB);
    expect(runtime.peak).toBe(20 * MB);
  });

  it("corrects what it took a heap of its own to need as soon as it is there", async () => {
    const { use, runtime, cache } = await setUp({ budget: 15 * MB, own: "abc" });
    for (const name of ["a", "b"]) await use(name);
    expect(runtime.events).toEqual(["load a", "load b", "dispose a"]);
    expect(cache.heapBytes).toBe(10 * MB);
  });

  it("counts the shared heap once, beside the heaps of their own", async () => {
    const { use, cache, runtime } = await setUp({ own: "c" });
    for (const name of ["a", "b", "c"]) await use(name);
    expect(cache.heapBytes).toBe(ENGINE + 30 * MB);
    expect(cache.heapBytes).toBe(runtime.total);
  });

  it("evicts across heaps what was used longest ago", async () => {
    const { use, runtime, cache } = await setUp({ budget: ENGINE + 25 * MB, own: "ac", declared: true });
    for (const name of ["a", "b", "c"]) await use(name);
    expect(runtime.events).toEqual(["load a", "load b", "dispose a", "load c"]);
    expect(cache.heapBytes).toBe(ENGINE + 20 * MB);
  });

  it("does not evict from the shared heap for the sake of another: it would not shrink", async () => {
    const { use, runtime, cache, models } = await setUp({
      budget: ENGINE + 25 * MB,
      own: "bc",
      declared: true,
    });
    for (const name of ["a", "b", "a", "c"]) await use(name);
    expect(runtime.events).toEqual(["load a", "load b", "dispose b", "load c"]);
    expect(cache.loaded(models.a.hosted.manifest)).toBeDefined();
  });

  it("counts what the shared heap grows by after the first use", async () => {
    const { use, runtime, cache } = await setUp({ budget: ENGINE + 25 * MB, own: "b", declared: true });
    for (const name of ["b", "a"]) await use(name);
    await use("a", async () => runtime.take(10 * MB));
    expect(cache.heapBytes).toBe(ENGINE + 20 * MB);
    expect(runtime.events).toEqual(["load b", "load a", "dispose b"]);
  });

  it("refuses a model whose own heap cannot fit, without reading it", async () => {
    const { use, reads } = await setUp({ budget: 9 * MB, own: "a", declared: true });
    await expect(use("a")).rejects.toThrow("memory budget");
    expect(reads).toEqual([]);
  });

  it("keeps a model whose work fails", async () => {
    const { use, reads } = await setUp();
    await expect(use("a", () => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
    await use("a");
    expect(reads).toEqual(["a"]);
  });
});
