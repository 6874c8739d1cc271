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

/** A runtime whose heap grows by what a session needs, reuses what was freed, and never shrinks. */
class FakeRuntime implements Runtime {
  readonly engine = "wasm";
  readonly events: string[] = [];
  heap = 0;
  used = ENGINE;

  constructor(
    readonly bytesOfSession: number,
    /** Whether each session has a heap for itself. */
    readonly own = false,
  ) {}

  async load(bytes: Uint8Array, { manifest }: { manifest: { name: string } }): Promise<Session> {
    this.events.push(`load ${manifest.name}`);
    this.used += this.bytesOfSession;
    this.heap = Math.max(this.heap, this.used);
    const session: Partial<Session> = {
      memory: () => ({
        heapBytes: this.own ? this.bytesOfSession : this.heap,
        own: this.own,
        modelBytes: bytes.byteLength,
      }),
      dispose: async () => {
        this.events.push(`dispose ${manifest.name}`);
        this.used -= this.bytesOfSession;
      },
    };
    return session as Session;
  }
}

async function setUp(options: { budget?: number; session?: number; own?: boolean } = {}) {
  const models = { a: await model("a"), b: await model("b"), c: await model("c") };
  const byName: Readonly<Record<string, StoredModel>> = models;
  const runtime = new FakeRuntime(options.session ?? 10 * MB, options.own);
  const reads: string[] = [];
  const store: ModelStore = {
    list: async () => Object.values(models).map(({ hosted }) => hosted),
    read: async ({ manifest }) => {
      reads.push(manifest.name);
      return byName[manifest.name]!.bytes;
    },
  };
  const cache = new ModelCache({ store, runtime, budgetBytes: options.budget });
  const use = (name: string, work: (session: Session) => Promise<unknown> = async () => name) =>
    cache.use(byName[name]!.hosted, work);
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
    const { use, runtime } = await setUp({ budget: ENGINE + 25 * MB });
    for (const name of ["a", "b", "a", "c", "a", "b"]) await use(name);
    expect(runtime.events).toEqual([
      ...["load a", "load b"],
      ...["load c", "dispose b"],
      ...["dispose c", "load b"],
    ]);
  });

  it("makes room before it loads a model whose need it knows, so that the heap does not grow", async () => {
    const { use, runtime } = await setUp({ budget: ENGINE + 25 * MB });
    for (let round = 0; round < 5; round++) for (const name of ["a", "b", "c"]) await use(name);
    expect(runtime.heap).toBeLessThanOrEqual(ENGINE + 30 * MB);
  });

  it("adds up the heaps of sessions that have one for themselves", async () => {
    const { use, runtime, cache } = await setUp({ budget: ENGINE + 25 * MB, own: true });
    await use("a");
    expect(cache.heapBytes).toBe(10 * MB);
    await use("b");
    expect(cache.heapBytes).toBe(20 * MB);
    await use("c");
    expect(runtime.events).toEqual(["load a", "load b", "load c", "dispose a"]);
    expect(cache.heapBytes).toBe(20 * MB);
    await use("a");
    expect(runtime.events.slice(4)).toEqual(["dispose b", "load a"]);
  });

  it("never evicts a model that is at work", async () => {
    const { use, runtime, cache } = await setUp({ budget: ENGINE + 15 * MB });
    await use("a", async () => {
      await use("b");
      expect(runtime.events).not.toContain("dispose a");
      expect(cache.loaded("a")).toBeDefined();
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

  it("keeps a model whose work fails", async () => {
    const { use, reads } = await setUp();
    await expect(use("a", () => Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
    await use("a");
    expect(reads).toEqual(["a"]);
  });
});
