import { describe, expect, it } from "vitest";
import { type Held, KvPool } from "../../src/feed/kv-pool.ts";

function setUp(budgetBytes = 100, ttlMs = 1_000) {
  let now = 0;
  const freed: string[] = [];
  const pool = new KvPool<Held>({ budgetBytes, ttlMs, clock: () => now });
  const entry = (name: string, bytes = 40): Held => ({ bytes, dispose: () => freed.push(name) });
  const keep = (name: string, bytes?: number) => pool.put(name, entry(name, bytes)).end();
  const wait = (ms: number) => {
    now += ms;
  };
  return { pool, freed, entry, keep, wait };
}

describe("a pool of keys and values", () => {
  it("gives back what it keeps, and frees it when another takes its place", () => {
    const { pool, freed, entry } = setUp();
    const first = entry("a");
    pool.put("u", first).end();
    const found = pool.get("u");
    expect(found?.entry).toBe(first);
    found?.end();
    expect(pool.get("v")).toBeUndefined();
    const again = pool.get("u");
    again?.end();
    expect(freed).toEqual([]);
    pool.put("u", entry("b")).end();
    expect(pool.stats).toMatchObject({ entries: 1, bytes: 40, hits: 2, misses: 1 });
    expect(freed).toEqual(["a"]);
  });

  it("makes room by what was used longest ago", () => {
    const { pool, freed, keep } = setUp();
    keep("a");
    keep("b");
    pool.get("a")!.end();
    keep("c");
    expect(freed).toEqual(["b"]);
    expect(pool.stats).toMatchObject({ entries: 2, bytes: 80, evictions: 1 });
  });

  it("frees what is in use when the last of its users is done, once", () => {
    const { pool, freed, keep, entry } = setUp();
    const first = pool.put("a", entry("a"));
    const second = pool.get("a")!;
    keep("b");
    keep("c");
    expect(pool.get("a")).toBeUndefined();
    expect([freed, pool.stats.bytes]).toEqual([[], 120]);
    first.end();
    first.end();
    expect(freed).toEqual([]);
    second.end();
    second.end();
    expect([freed, pool.stats.bytes]).toEqual([["a"], 80]);
  });

  it("does not keep one that is larger than all it may hold, nor gives up others for it", () => {
    const { pool, freed, keep, entry } = setUp();
    keep("a");
    const large = pool.put("b", entry("b", 101));
    expect(pool.stats).toMatchObject({ entries: 1, bytes: 141 });
    large.end();
    expect([freed, pool.get("b")]).toEqual([["b"], undefined]);
  });

  it("keeps nothing with no memory for it", () => {
    const { pool, freed, keep } = setUp(0);
    keep("a");
    expect([freed, pool.stats.entries, pool.stats.bytes]).toEqual([["a"], 0, 0]);
  });

  it("forgets what was not used for too long", () => {
    const { pool, freed, keep, wait } = setUp();
    keep("a");
    keep("b");
    wait(600);
    pool.get("a")!.end();
    wait(600);
    pool.sweep();
    expect(freed).toEqual(["b"]);
    wait(1_000);
    expect(pool.get("a")).toBeUndefined();
    expect(freed).toEqual(["b", "a"]);
  });

  it("frees everything exactly once, whatever happens in what order", () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const { pool, freed, entry, wait } = setUp(150, 500);
    const leases: { end(): void; name: string }[] = [];
    let made = 0;
    for (let step = 0; step < 2_000; step++) {
      const key = `u-${random(6)}`;
      const name = `${made}`;
      const action = random(5);
      if (action === 0) leases.push({ ...pool.put(key, entry(`${made++}`, 1 + random(60))), name });
      if (action === 1) {
        const lease = pool.get(key);
        if (lease) leases.push({ ...lease, name });
      }
      if (action === 2) leases.splice(random(leases.length), 1)[0]?.end();
      if (action === 3) wait(random(200));
      if (action === 4) pool.drop(key);
    }
    for (const lease of leases) lease.end();
    pool.clear();
    expect([...freed].sort(), `seed ${seed}`).toEqual(
      Array.from({ length: made }, (_, at) => `${at}`).sort(),
    );
    expect(pool.stats.bytes).toBe(0);
  });
});
