import { beforeAll, describe, expect, it } from "vitest";
import type { CascadeRequest } from "../../src/feed/cascade-request.ts";
import type { ItemTable } from "../../src/feed/item-table.ts";
import { knownHistory } from "../../src/feed/known-history.ts";
import { KvPool } from "../../src/feed/kv-pool.ts";
import type { History, SequenceModel } from "../../src/feed/sequence-model.ts";
import {
  type CachedHistory,
  Cascade,
  type CascadeAnswer,
  NoItemTableError,
  UnknownHistoryError,
} from "../../src/feed/unipinrec.ts";
import { utilityOf } from "../../src/feed/utility.ts";
import { DeadlineExceededError } from "../../src/inference/errors.ts";
import { fromHalf } from "../../src/runtime/half.ts";
import { loadTiny, requestOf, tableOf, tinyManifest } from "./tiny-model.ts";

let model: SequenceModel;
let table: ItemTable;

beforeAll(async () => {
  model = await loadTiny();
  table = await tableOf(model);
});

/** Counts what is computed, and what is freed how often. */
function watched(inner = model) {
  const freed = new Map<History, number>();
  const runs: number[] = [];
  let inUse = 0;
  const histories = new Set<History>();
  const guard = (history: History) => {
    if (freed.has(history)) throw new Error("a history was used after it was freed");
  };
  const watching = {
    manifest: inner.manifest,
    items: inner.items.bind(inner),
    async history(tokens: Parameters<SequenceModel["history"]>[0], past?: History): Promise<History> {
      if (past) guard(past);
      inUse++;
      runs.push(tokens.gaps.length);
      const history = await inner.history(tokens, past);
      inUse--;
      if (past) guard(past);
      const own: History = {
        ...history,
        dispose: () => {
          freed.set(own, (freed.get(own) ?? 0) + 1);
          history.dispose();
        },
      };
      histories.add(own);
      return own;
    },
    async candidates(...given: Parameters<SequenceModel["candidates"]>) {
      guard(given[2]);
      const answer = await inner.candidates(...given);
      guard(given[2]);
      return answer;
    },
  } as unknown as SequenceModel;
  return { model: watching, freed, runs, histories, inUse: () => inUse };
}

function setUp(options: { budgetBytes?: number; ttlMs?: number; table?: () => ItemTable | undefined } = {}) {
  const watch = watched();
  const { budgetBytes = 2 ** 20, ttlMs = 60_000 } = options;
  const pool = new KvPool<CachedHistory>({ budgetBytes, ttlMs });
  const cascade = new Cascade({ model: watch.model, pool, table: options.table ?? (() => table) });
  return { ...watch, pool, cascade, rank: (request: CascadeRequest) => cascade.rank(request) };
}

const largest = (a: Float32Array, b: Float32Array) => {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0);
};

/** Probabilities by id, whatever the order. */
const byId = ({ ids, probabilities }: CascadeAnswer) =>
  new Map(ids.map((id, at) => [id, probabilities.slice(at * 5, (at + 1) * 5)]));

function expectAlike(a: CascadeAnswer, b: CascadeAnswer, tolerance = 1e-5) {
  const [one, other] = [byId(a), byId(b)];
  expect([...one.keys()].sort()).toEqual([...other.keys()].sort());
  for (const [id, probabilities] of one)
    expect(largest(probabilities, other.get(id)!)).toBeLessThan(tolerance);
}

describe("the cascade", () => {
  it("answers the nearest items that the person has not seen, the most useful first", async () => {
    const { rank } = setUp();
    const request = requestOf(0, 6, { exclude: ["item-50", "not-there"] });
    const answer = await rank(request);
    expect(answer.ids).toHaveLength(12);
    expect(new Set(answer.ids).size).toBe(12);
    for (const id of [...request.items, "item-50"]) expect(answer.ids).not.toContain(id);
    const utilities = answer.ids.map((_, at) => utilityOf(answer.probabilities.subarray(at * 5, at * 5 + 5)));
    expect(utilities).toEqual([...utilities].sort((a, b) => b - a));
    expect(answer.table).toBe('"1"');

    const known = knownHistory(request, table, tinyManifest)!;
    const { query } = await model.history(known.from(0));
    const dots = Array.from({ length: table.size }, (_, row) => {
      const vector = fromHalf(table.vector(row));
      return { id: table.idOf(row), dot: query.reduce((sum, value, at) => sum + value * vector[at]!, 0) };
    });
    const allowed = dots.filter(({ id }) => !request.items.includes(id) && id !== "item-50");
    const nearest = allowed.sort((a, b) => b.dot - a.dot).slice(0, 12);
    expect([...answer.ids].sort()).toEqual(nearest.map(({ id }) => id).sort());
    for (const { id, dot } of nearest) {
      expect(answer.similarities[answer.ids.indexOf(id)]).toBeCloseTo(dot, 3);
    }
  });

  it("chooses the few that are wanted among more, so that ranking decides and not nearness alone", async () => {
    const { rank } = setUp();
    const all = await rank(requestOf(0, 6));
    const few = await rank({ ...requestOf(0, 6), limit: 3 });
    expect(few.ids).toEqual(all.ids.slice(0, 3));
    expect(largest(few.probabilities, all.probabilities.subarray(0, 15))).toBeLessThan(1e-6);
    const nearest = [...all.ids.keys()]
      .sort((a, b) => all.similarities[b]! - all.similarities[a]!)
      .slice(0, 3);
    expect(few.ids).not.toEqual(nearest.map((at) => all.ids[at]));
  });

  it("finds enough when most of the table is ruled out, and what is left when there is not enough", async () => {
    const { rank } = setUp();
    const exclude = Array.from({ length: 105 }, (_, at) => `item-${at + 6}`);
    const answer = await rank(requestOf(0, 6, { exclude }));
    expect([...answer.ids].sort()).toEqual(Array.from({ length: 9 }, (_, at) => `item-${at + 111}`).sort());
    const none = await rank(requestOf(0, 6, { exclude: [...exclude, ...answer.ids] }));
    expect([none.ids, none.probabilities.length]).toEqual([[], 0]);
  });

  it("adds to keys and values that are there what somebody did since, and answers as if all were computed anew", async () => {
    const kept = setUp();
    for (const [to, reused, computed] of [
      [1, 0, 1],
      [4, 1, 3],
      [8, 4, 4],
    ] as const) {
      const answer = await kept.rank(requestOf(0, to));
      expect([answer.reused, kept.runs.at(-1)]).toEqual([reused, computed]);
      expectAlike(answer, await setUp().rank(requestOf(0, to)));
    }
  });

  it("computes nothing of a history that is the same, though moment and surface are others", async () => {
    const { rank, runs } = setUp();
    const first = await rank(requestOf(0, 5));
    const later = await rank(requestOf(0, 5, { now: requestOf(0, 5).now + 86_400_000, surface: "search" }));
    expect([later.reused, runs]).toEqual([5, [5]]);
    expect(largest(first.probabilities, later.probabilities)).toBeGreaterThan(1e-4);
  });

  const others: [string, (request: CascadeRequest) => CascadeRequest][] = [
    ["another action", (r) => ({ ...r, actions: r.actions.map((one, at) => (at === 0 ? 1 - one : one)) })],
    ["another time", (r) => ({ ...r, times: r.times.map((one, at) => (at === 0 ? one - 90_000 : one)) })],
    ["another surface", (r) => ({ ...r, surfaces: ["board", ...r.surfaces.slice(1)] })],
    ["another item", (r) => ({ ...r, items: ["item-99", ...r.items.slice(1)] })],
    ["a token less", () => requestOf(0, 4)],
    ["a token that was cut off at its start", () => requestOf(1, 9)],
  ];
  it.each(others)("computes a history anew with %s", async (_, change) => {
    const { rank, runs } = setUp();
    await rank(requestOf(0, 5));
    const answer = await rank(change(requestOf(0, 5)));
    expect(answer.reused).toBe(0);
    expect(runs).toHaveLength(2);
    expectAlike(answer, await setUp().rank(change(requestOf(0, 5))));
  });

  it("reads the latest tokens that the table knows, as many as the model takes", async () => {
    const { rank, runs } = setUp();
    const request = requestOf(0, 20);
    const items = request.items.map((id, at) => (at % 2 ? "gone" : id));
    await rank({ ...request, items });
    expect(runs).toEqual([tinyManifest.max_history]);
  });

  it("keeps each person's keys and values from the others'", async () => {
    const { rank } = setUp();
    await rank(requestOf(0, 5));
    expect((await rank(requestOf(0, 6, { user: "u-2" }))).reused).toBe(0);
    expect((await rank(requestOf(0, 6))).reused).toBe(5);
  });

  it("runs one person's requests one after the other, and others' in between", async () => {
    const { rank, runs } = setUp();
    const requests = [requestOf(0, 2), requestOf(0, 4), requestOf(0, 4), requestOf(0, 7)];
    const answers = await Promise.all([
      ...requests.map(rank),
      ...requests.map((one) => rank({ ...one, user: "u-2" })),
    ]);
    expect(answers.map(({ reused }) => reused)).toEqual([0, 2, 4, 4, 0, 2, 4, 4]);
    expect(runs.reduce((sum, one) => sum + one)).toBe(14);
  });

  it("goes on with a person's next request after one that failed", async () => {
    const { cascade } = setUp();
    const late = cascade.rank(requestOf(0, 2), Date.now() - 1);
    const next = cascade.rank(requestOf(0, 2));
    await expect(late).rejects.toThrow(DeadlineExceededError);
    expect((await next).ids).toHaveLength(12);
  });
});

describe("keys and values in a small pool", () => {
  const slot = (tokens: number) => 2 * 2 * 2 * (tokens + 1) * 8 * 4;

  it("are evicted, computed anew, and freed once and not while they are used", async () => {
    const { rank, pool, freed, histories } = setUp({ budgetBytes: slot(5) * 2 });
    const users = Array.from({ length: 5 }, (_, at) => `u-${at}`);
    for (const round of [4, 5]) {
      const answers = await Promise.all(users.map((user) => rank(requestOf(0, round, { user }))));
      const fresh = await setUp().rank(requestOf(0, round));
      for (const answer of answers) expectAlike(answer, fresh);
    }
    expect(pool.stats.entries).toBeLessThanOrEqual(2);
    expect(pool.stats.bytes).toBeLessThanOrEqual(slot(5) * 2);
    expect(pool.stats.evictions).toBeGreaterThan(0);
    pool.clear();
    expect(pool.stats.bytes).toBe(0);
    expect([...histories].map((one) => freed.get(one))).toEqual([...histories].map(() => 1));
  });

  it("serve the request that has them to its end when they are evicted between its stages", async () => {
    const { pool, freed, model: watching } = setUp();
    const evicting = {
      ...watching,
      manifest: tinyManifest,
      async history(...given: Parameters<SequenceModel["history"]>) {
        const history = await watching.history(...given);
        queueMicrotask(() => queueMicrotask(() => pool.clear()));
        return history;
      },
      async candidates(...given: Parameters<SequenceModel["candidates"]>) {
        pool.clear();
        const before = freed.size;
        const answer = await watching.candidates(...given);
        expect(freed.size).toBe(before);
        return answer;
      },
    } as unknown as SequenceModel;
    const cascade = new Cascade({ model: evicting, pool, table: () => table });
    expectAlike(await cascade.rank(requestOf(0, 5)), await setUp().rank(requestOf(0, 5)));
    expect([...freed.values()]).toEqual([1]);
    expect((await cascade.rank(requestOf(0, 6))).reused).toBe(0);
  });

  it("are made anew when the device has lost them", async () => {
    const { pool, model: watching } = setUp();
    let lost = false;
    const losing = {
      ...watching,
      manifest: tinyManifest,
      async history(tokens: Parameters<SequenceModel["history"]>[0], past?: History) {
        if (past && lost) throw new Error("device lost");
        return watching.history(tokens, past);
      },
    } as unknown as SequenceModel;
    const cascade = new Cascade({ model: losing, pool, table: () => table });
    await cascade.rank(requestOf(0, 4));
    lost = true;
    const answer = await cascade.rank(requestOf(0, 6));
    expect(answer.reused).toBe(0);
    expectAlike(answer, await setUp().rank(requestOf(0, 6)));
  });
});

describe("refusals of the cascade", () => {
  it("a history of which the table knows nothing", async () => {
    const request = { ...requestOf(0, 3), items: ["a", "b", "c"] };
    await expect(setUp().rank(request)).rejects.toThrow(UnknownHistoryError);
  });

  it("anything, as long as there is no table", async () => {
    await expect(setUp({ table: () => undefined }).rank(requestOf(0, 3))).rejects.toThrow(NoItemTableError);
  });

  it.each([
    ["history", 0],
    ["retrieval", 1],
    ["candidates", 2],
  ])("a request whose time is over before stage %s", async (stage, looks) => {
    const { model: watching, pool } = setUp();
    let left = looks;
    const clock = () => (left-- > 0 ? 0 : 1_000);
    const cascade = new Cascade({ model: watching, pool, table: () => table, clock });
    await expect(cascade.rank(requestOf(0, 3), 500)).rejects.toThrow(`before stage ${stage}`);
  });
});

describe("the graphs of the model", () => {
  it("treat candidates alike in any order, and each by itself", async () => {
    const known = knownHistory(requestOf(0, 6), table, tinyManifest)!;
    const history = await model.history(known.from(0));
    const rows = [50, 7, 99, 31];
    const moment = { gap: 3, surface: 1 };
    const together = await model.candidates(table.vectors(rows), moment, history);
    const turned = await model.candidates(table.vectors([...rows].reverse()), moment, history);
    for (const [at, row] of rows.entries()) {
      const own = together.slice(at * 5, at * 5 + 5);
      const back = 3 - at;
      expect(largest(own, turned.slice(back * 5, back * 5 + 5))).toBeLessThan(1e-6);
      expect(largest(own, await model.candidates(table.vectors([row]), moment, history))).toBeLessThan(1e-5);
    }
  });

  it("answer at half precision nearly as at full", async () => {
    const half = await loadTiny("fp16");
    const known = knownHistory(requestOf(0, 6), table, tinyManifest)!;
    const rows = table.vectors([50, 7, 99, 31]);
    const moment = { gap: 3, surface: 1 };
    const [full, rough] = await Promise.all(
      [model, half].map(async (one) => {
        const first = await one.history({ ...known.from(0), ...slice(known, 0, 3) });
        const whole = await one.history(known.from(3), first);
        return {
          query: whole.query,
          bytes: whole.bytes,
          probabilities: await one.candidates(rows, moment, whole),
        };
      }),
    );
    expect(largest(full!.query, rough!.query)).toBeLessThan(1e-2);
    expect(largest(full!.probabilities, rough!.probabilities)).toBeLessThan(1e-2);
    expect(rough!.bytes * 2).toBe(full!.bytes);
  });
});

/** The first tokens of a history. */
function slice(known: NonNullable<ReturnType<typeof knownHistory>>, from: number, to: number) {
  const { items, actions, gaps, surfaces } = known.from(from);
  const count = to - from;
  return {
    items: items.slice(0, count * 16),
    actions: actions.slice(0, count * 5),
    gaps: gaps.slice(0, count),
    surfaces: surfaces.slice(0, count),
  };
}
