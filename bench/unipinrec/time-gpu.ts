/**
 * `node time-gpu.mjs --graphs DIR`: UniPinRec's graphs on a GPU, as bench/unipinrec/README.md says.
 *
 * DIR holds a folder of `models/unipinrec/export.py --alone` for each form, and `reference` in fp32.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Cascade, IndependentCascade, makeWorld, SharedCascade, type World } from "./cascades.ts";
import { type Engine, readSizes } from "./graphs.ts";
import { closedLoop, type Load } from "./load.ts";
import { answers, best, FULL, Ranking, rankingFigures } from "./ranking.ts";
import { machine, Results, rounds, rowsOf } from "./results.ts";

const FORMS = ["stock", "attention", "all", "int8"];
const USERS = [1, 4, 16, 64];
const CALLERS = [1, 2, 4, 8, 16, 32, 64];

const { values: given } = parseArgs({
  options: {
    graphs: { type: "string" },
    out: { type: "string", default: "unipinrec-gpu.json" },
    provider: { type: "string", default: "webgpu" },
    precision: { type: "string", default: "fp16" },
    /** JSON of the provider's own options. */
    options: { type: "string", default: "{}" },
    forms: { type: "string", default: FORMS.join(",") },
    tables: { type: "string", default: "ranking,batches,cascade,load" },
    /** Written behind the names of cases. */
    suffix: { type: "string", default: "" },
    n: { type: "string", default: "992" },
    k: { type: "string", default: "656" },
    items: { type: "string", default: "50000" },
    rounds: { type: "string", default: "20" },
    users: { type: "string", default: USERS.join(",") },
    callers: { type: "string", default: CALLERS.join(",") },
    "max-batch": { type: "string", default: "1,16" },
    seconds: { type: "string", default: "4" },
    threads: { type: "string", default: "8" },
    /** An earlier report of this script, whose figures for one user choose the forms. */
    from: { type: "string" },
    /** A report of time_torch.py, to compare with. */
    torch: { type: "string" },
  },
});
if (!given.graphs) throw new Error("needs --graphs DIR");

const engine: Engine = {
  provider: given.provider as Engine["provider"],
  precision: given.precision as Engine["precision"],
  options: JSON.parse(given.options),
};
const forms = given.forms.split(",").filter((form) => existsSync(join(given.graphs!, form, "manifest.json")));
const folder = join(given.graphs, forms[0]!);
const [n, k, items, count, seconds, threads] = [
  given.n,
  given.k,
  given.items,
  given.rounds,
  given.seconds,
  given.threads,
].map(Number) as [number, number, number, number, number, number];
const sizes = await readSizes(folder);
const results = new Results(given.out, {
  ...machine(),
  engine: `${engine.provider} ${engine.precision} ${given.options}`,
  ...sizes,
  n,
  k,
  items,
});
const world = makeWorld({ engine, sizes, n, k, items, folder, threads });
const name = (text: string) => `${text}${given.suffix}`;
const numbersOf = (list: string) => list.split(",").map(Number);

const earlier = rowsOf(given.from)
  .filter(({ case: of, subject }) => of.startsWith("one user") && forms.includes(subject.split(", ").at(-1)!))
  .map(({ subject, median: figure }) => [subject, [figure]] as const);
const figures = earlier.length > 0 ? new Map(earlier) : await rankingFigures(world, forms, count);
const history = best(figures, "history, ");
const full = best(figures, "full-");
const candidates = best(figures, "keys and values on the GPU, ");
console.log(`best: ${history.name}; ${full.name}; ${candidates.name}`);

const CASCADES = { "two models": independent, "shared keys and values": shared };
const TABLES: Readonly<Record<string, () => Promise<void>>> = { check, ranking, batches, cascade, load };
for (const table of given.tables.split(",")) {
  try {
    await TABLES[table]!();
  } catch (error) {
    console.error(`${table}: ${error instanceof Error ? error.stack : error}`);
  }
}
// Nothing waits for a driver's own threads.
process.exit();

/** Answers of every form against fp32 on the CPU, and two steps against one graph. */
async function check(): Promise<void> {
  const reference = join(given.graphs!, "reference");
  const onCpu: World = makeWorld({
    ...world,
    engine: { provider: "cpu", precision: "fp32", options: {} },
    folder: reference,
    items,
  });
  const expected = (await answers(onCpu, "reference", false)).steps;
  for (const form of forms) {
    const { steps, full: whole } = await answers(world, form, true);
    const compare = (what: string, one: Float32Array, other: Float32Array) => {
      results.one(name("agreement"), `${form}: ${what}`, "largest difference", largest(one, other));
      results.one(name("agreement"), `${form}: ${what}, top 20`, "of 20", alike(one, other, 20));
    };
    compare("two steps, against fp32 on the CPU", steps, expected);
    compare("two steps, against one graph", steps, whole!);
  }
}

function largest(one: Float32Array, other: Float32Array): number {
  return one.reduce((worst, value, at) => Math.max(worst, Math.abs(value - other[at]!)), 0);
}

/** How many of the `count` likeliest saves both name. */
function alike(one: Float32Array, other: Float32Array, count: number): number {
  const tops = [one, other].map((said) => {
    const saves = Array.from({ length: k }, (_, at) => at);
    return new Set(saves.sort((a, b) => said[b * 5 + 2]! - said[a * 5 + 2]!).slice(0, count));
  });
  return [...tops[0]!].filter((at) => tops[1]!.has(at)).length;
}

async function ranking(): Promise<void> {
  results.add(name(`one user, n=${n}, k=${k}`), "ms", figures, full.name);
}

/** Many users at once, against PyTorch where its report is there. */
async function batches(): Promise<void> {
  const torch = rowsOf(given.torch);
  for (const users of numbersOf(given.users)) {
    const all: [string, string, (one: Ranking) => Promise<() => Promise<number>>][] = [
      ["history", history.form, (one) => one.history(users)],
      ["candidates", candidates.form, (one) => one.onCaches("gpu", users)],
      ["full", full.form, (one) => one.full(full.name.startsWith(FULL[0]) ? FULL[0] : FULL[1], users)],
    ];
    for (const [graph, form, start] of all) {
      const one = new Ranking(world, form);
      const label = `${graph}, ${users} user${users === 1 ? "" : "s"}`;
      try {
        const measure = await start(one);
        const taken = await rounds(
          new Map([[label, measure]]),
          Math.max(5, Math.round(count / Math.sqrt(users))),
        );
        const eager = torch.find((row) => row.case === label && row.subject === "PyTorch eager");
        const against = eager && { against: "PyTorch eager", figure: eager.median };
        results.one(
          name(label),
          `ONNX Runtime ${engine.provider}, ${form}`,
          "ms",
          median(taken.get(label)!),
          against,
        );
      } catch (error) {
        console.error(`${label}: ${error}`);
      } finally {
        await one.close();
      }
    }
  }
}

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[list.length >> 1]!;
}

function shared(): Promise<Cascade> {
  return SharedCascade.open(world, join(given.graphs!, history.form), join(given.graphs!, candidates.form));
}

function independent(): Promise<Cascade> {
  const [kind, form] = full.name.split(", ") as [string, string];
  return IndependentCascade.open(world, join(given.graphs!, history.form), join(given.graphs!, form), kind);
}

/** The whole cascade for one user, and its parts. */
async function cascade(): Promise<void> {
  const stages = new Map<string, number[]>();
  const contestants = new Map<string, (round: number) => Promise<number>>();
  const open: Cascade[] = [];
  for (const [subject, start] of Object.entries(CASCADES)) {
    const one = await start();
    open.push(one);
    contestants.set(subject, async (round) => {
      const laps = await one.serve(1, round);
      for (const [stage, ms] of Object.entries(laps)) {
        const key = `${subject}: ${stage}`;
        stages.set(key, [...(stages.get(key) ?? []), ms]);
      }
      return Object.values(laps).reduce((sum, ms) => sum + ms, 0);
    });
  }
  results.add(name("cascade, one user"), "ms", await rounds(contestants, count), "two models");
  results.add(name("cascade, one user: parts"), "ms", stages);
  for (const one of open) await one.close();
}

/** Requests a second with so many callers at once. */
async function load(): Promise<void> {
  for (const maxBatch of numbersOf(given["max-batch"])) {
    const loads: Record<string, Load[]> = {};
    for (const [subject, start] of Object.entries(CASCADES)) {
      const one = await start();
      const taken: Load[] = [];
      loads[subject] = taken;
      let seed = 0;
      const serve = (batch: number) => one.serve(batch, seed++);
      try {
        for (const callers of numbersOf(given.callers)) {
          for (let warm = 0; warm < 2; warm++) await serve(Math.min(callers, maxBatch));
          const found = await closedLoop(serve, callers, maxBatch, seconds);
          taken.push(found);
          const label = name(`batches up to ${maxBatch}, ${callers} caller${callers === 1 ? "" : "s"}`);
          results.one(label, subject, "requests/s", found.perSecond);
          results.one(`${label}: p50`, subject, "ms", found.p50);
          results.one(`${label}: p99`, subject, "ms", found.p99);
        }
      } catch (error) {
        console.error(`load, ${subject}: ${error}`);
      } finally {
        await one.close();
      }
    }
    const [two, one] = [loads["two models"]!, loads["shared keys and values"]!];
    for (const { p99, perSecond } of two) {
      const most = Math.max(...one.filter((load) => load.p99 <= p99).map((load) => load.perSecond));
      if (!Number.isFinite(most)) continue;
      const label = name(`batches up to ${maxBatch}, most requests within ${p99.toFixed(0)} ms at p99`);
      const bound = Math.max(
        ...two.filter((load) => load.p99 <= p99).map((load) => load.perSecond),
        perSecond,
      );
      results.one(label, "two models", "requests/s", bound);
      results.one(label, "shared keys and values", "requests/s", most, {
        against: "two models",
        figure: bound,
      });
    }
  }
}
