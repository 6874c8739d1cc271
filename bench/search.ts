/** Search in one shard at 10,000, 100,000 and a million vectors: time, recall, load and memory, against HNSW libraries. */
import type { Bench, Case, Contender } from "./bench.ts";
import { ClusteredVectors } from "./search/clustered-vectors.ts";
import { type Contestant, DIMENSIONS, row } from "./search/contestant.ts";
import { hnswlibContestant } from "./search/hnswlib-contestant.ts";
import { memoryContestant } from "./search/memory-contestant.ts";
import { photographVectors } from "./search/photograph-vectors.ts";
import { shardContestant } from "./search/shard-contestant.ts";
import { exactNeighbours, usearchContestant } from "./search/usearch-contestant.ts";

const OURS = "shard in workerd";
const SEED = 1;
const QUERIES = 200;
const K = 10;

/** hnswlib-wasm takes some 1,000 vectors a second here, so that a million would take half an hour. */
const MOST_FOR_HNSWLIB = 100_000;

type Vectors = Float32Array<ArrayBuffer>;

interface Data {
  readonly name: string;
  readonly count: number;
  readonly load: () => Promise<{ vectors: Vectors; queries: Vectors } | undefined>;
}

const SUBJECTS: Readonly<Record<string, () => Promise<Contestant>>> = {
  [OURS]: () => shardContestant(),
  "shard, filter of 2 %": () => shardContestant("category-7"),
  "codes and floats in Node": memoryContestant,
  usearch: usearchContestant,
  "hnswlib-wasm": hnswlibContestant,
};

export const bench: Bench = {
  title: `The ${K} nearest of many vectors, ${QUERIES} queries; a shard is asked from outside its process`,
  unit: "figure",
  ours: OURS,
  async cases() {
    const sizes = [10_000, 100_000, 1_000_000].map(generated);
    return [await photographs(), ...sizes].flatMap((data) => (data ? casesOf(data) : []));
  },
};

function generated(count: number): Data {
  return {
    name: count.toLocaleString("en"),
    count,
    async load() {
      const source = new ClusteredVectors(SEED, count);
      return {
        vectors: matrix(count, (at) => source.at(at)),
        queries: matrix(QUERIES, (at) => source.at(count + at)),
      };
    },
  };
}

async function photographs(): Promise<Data | undefined> {
  const all = await photographVectors();
  if (!all) return undefined;
  const count = all.length / DIMENSIONS - QUERIES;
  const load = async () => ({
    vectors: all.slice(0, count * DIMENSIONS),
    queries: all.slice(count * DIMENSIONS),
  });
  return { name: `${count.toLocaleString("en")} photographs`, count, load };
}

function matrix(count: number, at: (index: number) => Vectors): Vectors {
  const all = new Float32Array(count * DIMENSIONS);
  for (let index = 0; index < count; index++) all.set(at(index), index * DIMENSIONS);
  return all;
}

/** What was found out about one subject, shared by the cases that show it. */
interface Trial {
  readonly contestant: Contestant;
  readonly buildSeconds: number;
  times: number[];
  found: (readonly number[])[];
}

function casesOf({ name, count, load }: Data): Case[] {
  let data: ReturnType<Data["load"]> | undefined;
  let exact: number[][] | undefined;
  const trials = new Map<string, Promise<Trial>>();
  const loaded = async () => {
    data ??= load();
    return (await data)!;
  };

  const open = (subject: string): Promise<Trial> => {
    const start = async () => {
      const { vectors } = await loaded();
      const contestant = await SUBJECTS[subject]!();
      const started = performance.now();
      await contestant.build(vectors);
      return { contestant, buildSeconds: (performance.now() - started) / 1_000, times: [], found: [] };
    };
    const trial = trials.get(subject) ?? start();
    trials.set(subject, trial);
    return trial;
  };
  const ask = async (trial: Trial) => {
    const { queries } = await loaded();
    trial.times = [];
    trial.found = [];
    for (let at = 0; at < QUERIES; at++) {
      const started = performance.now();
      trial.found.push(await trial.contestant.search(row(queries, at), K));
      trial.times.push(performance.now() - started);
    }
    trial.times.sort((a, b) => a - b);
  };
  const recall = async (trial: Trial) => {
    const { vectors, queries } = await loaded();
    exact ??= exactNeighbours(vectors, queries, K);
    const found = exact.map((keys, at) => keys.filter((key) => trial.found[at]!.includes(key)).length);
    return (100 * found.reduce((sum, one) => sum + one, 0)) / (QUERIES * K);
  };

  const subjects = Object.keys(SUBJECTS).filter((one) => one !== "hnswlib-wasm" || count <= MOST_FOR_HNSWLIB);
  const unfiltered = subjects.filter((one) => !one.includes("filter"));
  const make = (
    what: string,
    some: string[],
    figure: (trial: Trial) => Promise<number>,
    last = false,
  ): Case => ({
    name: `${name}: ${what}`,
    subjects: Object.fromEntries(
      some.map((subject) => [
        subject,
        async (): Promise<Contender> => {
          const trial = await open(subject);
          return {
            measure: () => figure(trial),
            ...(last && { close: () => trial.contestant.close() }),
          };
        },
      ]),
    ),
  });
  return [
    make("median, ms", subjects, async (trial) => {
      await ask(trial);
      return trial.times[QUERIES / 2]!;
    }),
    make("99th percentile, ms", subjects, async (trial) => {
      await ask(trial);
      return trial.times[Math.floor(QUERIES * 0.99)]!;
    }),
    make("recall@10, %", unfiltered, recall),
    make("filling, s", unfiltered, async (trial) => trial.buildSeconds),
    make("loading, ms", [OURS, "shard, filter of 2 %", "usearch"], async (trial) =>
      trial.contestant.reload!(row((await loaded()).queries, 0)),
    ),
    make("memory, MiB", subjects, async (trial) => (await trial.contestant.memoryBytes()) / 2 ** 20, true),
  ];
}
