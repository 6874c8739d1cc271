/**
 * `npx tsx bench/people/evaluate.ts`: PinnerSage and what it is compared with in the paper (section 6), on real
 * histories. The height of a cut is chosen on one half of the people, figures are of the other half. Writes
 * `bench/results/people.json`; src/people/README.md quotes it.
 */
import { writeFile } from "node:fs/promises";
import { Random } from "../../src/demo/random.ts";
import { beauty, type Histories, lively, movieLens1M, movieLens100k, type Person } from "./histories.ts";
import { DIMENSIONS, itemVectors } from "./item-vectors.ts";
import {
  completeLinkage,
  decayedAverage,
  dot,
  kMeans,
  lastItem,
  type Method,
  pinnerSage,
} from "./methods.ts";

/** People of each half, at most. */
const PEOPLE = 400;
const SEEDS = 3;
/** Cosine from which something retrieved counts as relevant to a later action (the paper's section 6.1). */
const RELEVANT = 0.8;
const HEIGHTS = [0.6, 0.8, 1, 1.2, 1.4, 1.7, 2, 2.5, 3];
const RESULTS = new URL("../results/people.json", import.meta.url);

interface Figures {
  /** Later items that something retrieved is close to. */
  readonly relevance: number;
  /** Later items that were retrieved. */
  readonly recall: number;
}

function evaluate(
  method: Method,
  people: readonly Person[],
  vectors: Float32Array,
  { items, candidates }: Histories,
): Figures {
  const figures = people.flatMap((person, number) =>
    Array.from({ length: SEEDS }, (_, seed) => {
      const queries = method(knownOf(person, vectors), new Random(1_000 * seed + number));
      const seen = new Set(person.known.map(({ item }) => item));
      const share = Math.floor(candidates / queries.length);
      const found = new Set(queries.flatMap((query) => nearest(query, vectors, items, seen, share)));
      const close = person.later.filter((item) => isNear(item, found, vectors));
      return {
        relevance: close.length / person.later.length,
        recall: person.later.filter((item) => found.has(item)).length / person.later.length,
      };
    }),
  );
  return {
    relevance: mean(figures.map(({ relevance }) => relevance)),
    recall: mean(figures.map(({ recall }) => recall)),
  };
}

function knownOf({ known }: Person, vectors: Float32Array) {
  const own = new Float32Array(known.length * DIMENSIONS);
  for (const [index, { item }] of known.entries()) own.set(vectorOf(item, vectors), index * DIMENSIONS);
  return { vectors: own, dimensions: DIMENSIONS, days: known.map(({ day }) => day) };
}

const vectorOf = (item: number, vectors: Float32Array) =>
  vectors.subarray(item * DIMENSIONS, (item + 1) * DIMENSIONS);

function nearest(
  query: Float32Array,
  vectors: Float32Array,
  items: number,
  seen: ReadonlySet<number>,
  count: number,
): number[] {
  const scores = Float64Array.from({ length: items }, (_, item) => dot(query, vectorOf(item, vectors)));
  return Array.from({ length: items }, (_, item) => item)
    .filter((item) => !seen.has(item))
    .sort((a, b) => scores[b]! - scores[a]!)
    .slice(0, count);
}

function isNear(item: number, found: ReadonlySet<number>, vectors: Float32Array): boolean {
  const own = vectorOf(item, vectors);
  for (const other of found) if (dot(own, vectorOf(other, vectors)) >= RELEVANT) return true;
  return false;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The height with the largest sum of both figures among people that are not judged. */
function tuned(make: (height: number) => Method, judge: (method: Method) => Figures): number {
  const scored = HEIGHTS.map((height) => {
    const { relevance, recall } = judge(make(height));
    return { height, score: relevance + recall };
  });
  return scored.reduce((best, one) => (one.score > best.score ? one : best)).height;
}

async function compare(histories: Histories) {
  const vectors = itemVectors(histories);
  const people = lively(histories);
  const half = Math.min(PEOPLE, Math.floor(people.length / 2));
  const choose = (method: Method) => evaluate(method, people.slice(0, half), vectors, histories);
  const judge = (method: Method) => evaluate(method, people.slice(half, 2 * half), vectors, histories);
  const ward = tuned((height) => pinnerSage(height, 0.01, 3), choose);
  const complete = tuned((height) => completeLinkage(height, 0.01, 3), choose);
  const methods: Readonly<Record<string, Method>> = {
    "last item": lastItem,
    "decayed average, λ 0.01": decayedAverage(0.01),
    "k-means, k 5": kMeans(0.01, 3),
    "complete linkage": completeLinkage(complete, 0.01, 3),
    "Ward, centroid": pinnerSage(ward, 0.01, 3, "centroid"),
    "Ward, medoid, λ 0": pinnerSage(ward, 0, 3),
    "Ward, medoid, λ 0.1": pinnerSage(ward, 0.1, 3),
    "**Ward, medoid, λ 0.01**": pinnerSage(ward, 0.01, 3),
    ...Object.fromEntries([1, 2, 5, 10].map((e) => [`… ${e} medoids`, pinnerSage(ward, 0.01, e)])),
  };
  const rows = Object.entries(methods).map(([method, run]) => {
    const figures = judge(run);
    console.error(histories.name, method, figures);
    return { method, ...figures };
  });
  const { name, items, candidates, time } = histories;
  return { name, items, candidates, time, people: half, heights: { ward, complete }, rows };
}

type Comparison = Awaited<ReturnType<typeof compare>>;

function table({ name, items, candidates, time, people, heights, rows }: Comparison): string {
  const [base] = rows;
  const lift = (value: number, from: number) =>
    `${(100 * value).toFixed(1)} % (${value >= from ? "+" : "−"}${Math.abs(100 * (value / from - 1)).toFixed(0)} %)`;
  const lines = rows.map(
    ({ method, relevance, recall }) =>
      `| ${method} | ${lift(relevance, base!.relevance)} | ${lift(recall, base!.recall)} |`,
  );
  const about =
    `${name}: ${people} people, ${items} items, ${candidates} retrieved, time in ${time}; ` +
    `cut at ${heights.ward} (Ward), ${heights.complete} (complete).`;
  return [
    about,
    "",
    "| | relevance (over last item) | recall (over last item) |",
    "|---|---|---|",
    ...lines,
  ].join("\n");
}

const results: Comparison[] = [];
for (const load of [movieLens100k, movieLens1M, beauty]) results.push(await compare(await load()));
const text = results.map(table).join("\n\n");
console.log(text);
await writeFile(RESULTS, `${JSON.stringify({ bench: "people", results }, null, 2)}\n`);
