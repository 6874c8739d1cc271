/** `POST /v1/search` with four words over 100,000 items, as `corkboard serve` answers it, against libraries in Node. */
import type { Row } from "../bench.ts";
import { median } from "../median.ts";
import type { Section } from "../report.ts";
import { normals, scatter } from "../search/clustered-vectors.ts";
import { DIMENSIONS } from "../search/contestant.ts";
import { quantile } from "../shop-the-look/quantile.ts";
import { openFilledServer } from "./filled-server.ts";
import {
  exactSearch,
  type FindKeys,
  graphSearch,
  type NativeTower,
  nativeTower,
  type Vector,
} from "./native-search.ts";
import { CATALOGUE_PHRASES, phrase, query } from "./phrases.ts";

const ITEMS = 100_000;
const QUERIES = 300;
/**
 * Queries before those that count: V8 optimises onnxruntime-web only after many inferences, and a shard that nobody
 * asked for ten seconds has left memory.
 */
const WARM_UP = 100;
const K = 10;
const SEED = 5;

/** Length of the random part of an item's vector, where the vector of its phrase has 1: cosine 0.78 to its phrase. */
const SPREAD = 0.8;

export const SERVED = "corkboard serve, over HTTP";
const EXACT = "Node: onnxruntime-node int8, exact search, one thread";
const GRAPH = "Node: onnxruntime-node int8, usearch HNSW, one thread";

interface Answer {
  /** The nearest vectors, for comparison with exact search; not part of what is timed. */
  readonly nearest: () => Promise<readonly number[]>;
  /** Milliseconds by stage, as `server-timing` has them. */
  readonly stages: ReadonlyMap<string, number>;
}

type Ask = (text: string) => Promise<Answer>;

export const textSearch: Section = {
  name: "text search",
  async run(rounds) {
    const closers: (() => Promise<void>)[] = [];
    try {
      const tower = await nativeTower();
      closers.push(tower.close);
      const vectors = await itemVectors(tower);
      const graph = await graphSearch(tower, vectors);
      closers.push(graph.close);
      const server = await openFilledServer(vectors);
      closers.push(server.stop);
      const exact = found(exactSearch(tower, vectors));
      const subjects = { [SERVED]: asked(server.origin), [EXACT]: exact, [GRAPH]: found(graph.find) };
      return await measured(subjects, rounds);
    } finally {
      for (const close of closers.toReversed()) await close();
    }
  },
};

/** n×256: around the text tower's vectors of phrases, fifty items a phrase. */
async function itemVectors(tower: NativeTower): Promise<Vector> {
  const phrases = Array.from({ length: CATALOGUE_PHRASES }, (_, at) => phrase(at));
  const centres = await tower.embed(phrases);
  const vectors = new Float32Array(ITEMS * DIMENSIONS);
  for (let item = 0; item < ITEMS; item++) {
    const centre = centres[item % CATALOGUE_PHRASES]!;
    const normal = normals(scatter(item, SEED));
    const vector = centre.map((value) => value + (SPREAD / Math.sqrt(DIMENSIONS)) * normal());
    const length = Math.hypot(...vector);
    vectors.set(
      vector.map((value) => value / length),
      item * DIMENSIONS,
    );
  }
  return vectors;
}

function asked(origin: string): Ask {
  return async (text) => {
    const { query, header } = await post(origin, { text, limit: K });
    return {
      // Words that items say count in the answer; the vector alone is what the others search by.
      async nearest() {
        const { results } = await post(origin, { vector: query.vector, model: query.model, limit: K });
        return results.map(({ id }) => Number(id.slice("item-".length)));
      },
      stages: new Map(
        [...header.matchAll(/(\w+);dur=([\d.]+)/g)].map(([, stage, dur]) => [stage!, Number(dur)]),
      ),
    };
  };
}

async function post(origin: string, body: object) {
  const send = () =>
    fetch(`${origin}/v1/search`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  // The server closes idle connections just when they are used again.
  const response = await send().catch(send);
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status}: ${text}`);
  const { results, query } = JSON.parse(text) as {
    readonly results: readonly { readonly id: string }[];
    readonly query: { readonly model: string; readonly vector: string };
  };
  return { results, query, header: response.headers.get("server-timing") ?? "" };
}

const found =
  (find: FindKeys): Ask =>
  async (text) => {
    const keys = await find(text, K);
    return { nearest: async () => keys, stages: new Map() };
  };

interface Pass {
  readonly p50: number;
  readonly p99: number;
  readonly stages: ReadonlyMap<string, readonly number[]>;
  readonly keys: readonly (readonly number[])[];
}

/** Every query once, one after the other. */
async function pass(ask: Ask): Promise<Pass> {
  for (let at = 0; at < WARM_UP; at++) await ask(query(QUERIES + at));
  const times: number[] = [];
  const stages = new Map<string, number[]>();
  const keys: (readonly number[])[] = [];
  for (let at = 0; at < QUERIES; at++) {
    const start = performance.now();
    const answer = await ask(query(at));
    times.push(performance.now() - start);
    keys.push(await answer.nearest());
    for (const [stage, ms] of answer.stages) stages.set(stage, [...(stages.get(stage) ?? []), ms]);
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), stages, keys };
}

/** A pass of every subject in each round, in the reversed order every other round; medians of the passes. */
async function measured(subjects: Readonly<Record<string, Ask>>, rounds: number): Promise<Row[]> {
  const passes = new Map<string, Pass[]>(Object.keys(subjects).map((subject) => [subject, []]));
  for (let round = 0; round < rounds; round++) {
    const order = Object.entries(subjects);
    for (const [subject, ask] of round % 2 === 0 ? order : order.toReversed()) {
      passes.get(subject)!.push(await pass(ask));
    }
  }
  const figures = (what: string, figure: (pass: Pass) => number): Row[] => {
    const medians = new Map([...passes].map(([subject, all]) => [subject, median(all.map(figure))]));
    return [...medians].map(([subject, value]) => {
      const row = { case: `text search: ${what}`, subject, unit: "ms", median: value };
      if (subject === SERVED) return { ...row, against: null, ratio: null };
      return { ...row, against: SERVED, ratio: value / medians.get(SERVED)! };
    });
  };
  const ours = passes.get(SERVED)!;
  const stages = [...ours[0]!.stages.keys()].flatMap((stage) =>
    ([0.5, 0.99] as const).map((q): Row => {
      const value = median(ours.map((one) => quantile(one.stages.get(stage)!, q)));
      const name = `text search: stage ${stage}, p${100 * q}`;
      return { case: name, subject: SERVED, unit: "ms", median: value, against: null, ratio: null };
    }),
  );
  const exact = passes.get(EXACT)![0]!.keys;
  const recalls = [...passes].map(
    ([subject, all]): Row => ({
      case: `text search: recall@${K} against exact search, %`,
      subject,
      unit: "%",
      median: recall(all[0]!.keys, exact),
      against: null,
      ratio: null,
    }),
  );
  return [
    ...figures("whole request, p50", ({ p50 }) => p50),
    ...figures("whole request, p99", ({ p99 }) => p99),
    ...stages,
    ...recalls,
  ];
}

/** Percent of the keys of exact search that were found. */
function recall(keys: Pass["keys"], exact: Pass["keys"]): number {
  const hits = exact.map((right, at) => right.filter((key) => keys[at]!.includes(key)).length);
  return (100 * hits.reduce((sum, one) => sum + one, 0)) / (exact.length * K);
}
