/**
 * `npx tsx bench/graph/recall.ts`: how many of the pins that people of a real Pinterest log saved next does a walk
 * find, and what each part of it brings. Users take the part of boards. Writes `bench/results/graph-recall.json`.
 *
 * The log is `tables/pinterest` of the folder that `CORKBOARD_DATA` names (kangkang-yun/HMGCN, LightGCN's form). Its
 * test pairs that stand in the training file, too, are left out.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { env } from "node:process";
import { gunzipSync } from "node:zlib";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { Random } from "../../src/demo/random.ts";
import { BipartiteGraph } from "../../src/graph/bipartite-graph.ts";
import { allotSteps, pixieWalk, type WalkOptions, walk } from "../../src/graph/pixie.ts";
import { VisitCounts } from "../../src/graph/visit-counts.ts";

const DATA = resolve(
  import.meta.dirname,
  "../..",
  env.CORKBOARD_DATA ?? "../shared/data",
  "tables/pinterest",
);
const RESULTS = new URL("../results/graph-recall.json", import.meta.url);
const USERS = 3_000;
const TOP = 20;
const SEED = 1;
const STEPS = 100_000;

/** Items of each user, by number. */
async function readLog(file: string): Promise<Map<number, number[]>> {
  const text = gunzipSync(await readFile(join(DATA, file))).toString();
  const rows = text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  return new Map(rows.map(([user, ...items]) => [user!, items]));
}

type Ranker = (known: readonly number[], graph: BipartiteGraph) => Iterable<number>;

const pixie =
  (options: Partial<WalkOptions>): Ranker =>
  (known, graph) =>
    pixieWalk(
      graph,
      known.map((item) => ({ item })),
      { seed: SEED, steps: STEPS, limit: TOP + known.length, ...options },
    ).items;

/** The same walks, but visits are added as they are, or steps given to all items alike. */
const without =
  (part: "boost" | "scaling"): Ranker =>
  (known, graph) => {
    const random = xoroshiro128plus(SEED);
    const queries = known.map((item) => ({ item }));
    const shares =
      part === "scaling" ? queries.map(() => STEPS / queries.length) : allotSteps(graph, queries, STEPS);
    const scores = new Float64Array(graph.itemCount);
    const visits = new VisitCounts();
    for (const [at, { item }] of queries.entries()) {
      visits.clear();
      walk(graph, item, Math.round(shares[at]!), random, visits, {});
      visits.forEach((other, count) => {
        scores[other]! += part === "boost" ? count : Math.sqrt(count);
      });
    }
    return best(scores);
  };

function best(scores: Float64Array): number[] {
  return [...scores.keys()]
    .filter((item) => scores[item]! > 0)
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
}

function popularity(): Ranker {
  let order: number[] | undefined;
  return (_, graph) => {
    order ??= best(Float64Array.from({ length: graph.itemCount }, (__, item) => graph.itemDegree(item)));
    return order;
  };
}

const RANKERS: Readonly<Record<string, Ranker>> = {
  "most popular": popularity(),
  "Pixie, 100,000 steps": pixie({}),
  "without the boost: visits added up": without("boost"),
  "without scaling: the same steps for each item": without("scaling"),
  "restart 0.15": pixie({ restart: 0.15 }),
  "restart 0.85": pixie({ restart: 0.85 }),
  "20,000 steps": pixie({ steps: 20_000 }),
  "5,000 steps": pixie({ steps: 5_000 }),
  "early end: 200 items with 10 visits": pixie({ enough: { items: 200, visits: 10 } }),
};

const train = await readLog("train.txt.gz");
const test = await readLog("test.txt.gz");
const edges = { items: [] as number[], boards: [] as number[] };
for (const [user, items] of train) {
  for (const item of items) {
    edges.items.push(item);
    edges.boards.push(user);
  }
}
const size = (all: Iterable<number>) => [...all].reduce((most, one) => Math.max(most, one), 0) + 1;
const itemCount = size([...train.values(), ...test.values()].flat());
const graph = new BipartiteGraph(itemCount, size(train.keys()), edges);
const users = new Random(SEED).shuffle([...test.keys()].filter((user) => (train.get(user)?.length ?? 0) > 0));
const rows = Object.entries(RANKERS).map(([name, rank]) => {
  const started = performance.now();
  let [recall, gain, counted] = [0, 0, 0];
  for (const user of users.slice(0, USERS)) {
    const known = train.get(user)!;
    const wanted = new Set(test.get(user)!.filter((item) => !known.includes(item)));
    if (wanted.size === 0) continue;
    const have = new Set(known);
    const shown = [...rank(known, graph)].filter((item) => !have.has(item)).slice(0, TOP);
    const hits = shown.map((item) => wanted.has(item));
    recall += hits.filter(Boolean).length / wanted.size;
    const ideal = sumOf(Math.min(TOP, wanted.size), () => true);
    gain += sumOf(TOP, (at) => hits[at] ?? false) / ideal;
    counted++;
  }
  const ms = (performance.now() - started) / counted;
  const row = { ranker: name, users: counted, recall: recall / counted, ndcg: gain / counted, ms };
  console.log(`| ${name} | ${row.recall.toFixed(4)} | ${row.ndcg.toFixed(4)} | ${ms.toFixed(1)} |`);
  return row;
});

function sumOf(places: number, hit: (at: number) => boolean): number {
  return Array.from({ length: places }, (_, at) => (hit(at) ? 1 / Math.log2(at + 2) : 0)).reduce(
    (a, b) => a + b,
    0,
  );
}

const { edgeCount, boardCount } = graph;
const result = { top: TOP, graph: { items: itemCount, boards: boardCount, edges: edgeCount }, rows };
await writeFile(RESULTS, `${JSON.stringify(result, null, 2)}\n`);
