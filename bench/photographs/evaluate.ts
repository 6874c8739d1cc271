/**
 * `npx tsx bench/photographs/evaluate.ts`: 1,000 real photographs into `corkboard serve` by `corkboard ingest`, which
 * is interrupted and started again, then searched by others of the same categories. Writes
 * `bench/results/photographs.json` and the README's table.
 */
import { spawn } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Corkboard } from "../../src/client/index.ts";
import { CLI, type Serve, startServe, temporaryFolder } from "../../test/api/serve.ts";
import { quoteInDocuments } from "../readme.ts";
import { fashion, groceries, type PhotographSet } from "./sets.ts";

const K = 10;

/** Acknowledged items after which the first run is interrupted. */
const INTERRUPT_AFTER = 300;

const RESULTS = new URL("../results/photographs.json", import.meta.url);

interface Figures {
  readonly queries: number;
  /** Queries with one of their category among the first ten. */
  readonly recallAt10: number;
  /** Of the first ten, those of the query's category. */
  readonly precisionAt10: number;
}

interface Result extends Figures {
  /** What ten items drawn at random would reach. */
  readonly chance: Omit<Figures, "queries">;
  readonly set: string;
  readonly source: string;
  readonly known: string;
  readonly photographs: number;
  /** What the interrupted run and the one after it said. */
  readonly runs: readonly string[];
  readonly categories: Readonly<Record<string, Figures>>;
}

async function evaluate(set: PhotographSet): Promise<Result> {
  const folder = await temporaryFolder();
  const server = await startServe(join(folder.path, "state"), "--quiet");
  try {
    const pictures = join(folder.path, "catalogue");
    await set.extract(set.catalogue, pictures);
    await set.extract(set.queries, join(folder.path, "queries"));
    const runs = [await ingest(server, pictures, INTERRUPT_AFTER), await ingest(server, pictures)];
    const corkboard = new Corkboard({ baseUrl: server.origin });
    const { items, states } = await corkboard.catalog();
    if (items !== set.catalogue.length || states.embedded !== items) {
      throw new Error(`${items} items, ${states.embedded} embedded, of ${set.catalogue.length} photographs`);
    }
    const found = new Map<string, number[]>();
    for (const category of await readdir(join(folder.path, "queries"))) {
      const files = await readdir(join(folder.path, "queries", category));
      found.set(category, []);
      for (const file of files) {
        const image = Uint8Array.from(await readFile(join(folder.path, "queries", category, file)));
        const { results } = await corkboard.search({ image, limit: K });
        found.get(category)!.push(results.filter(({ item }) => item.category === category).length);
      }
    }
    const { name, source, known } = set;
    return {
      ...{ set: name, source, known, photographs: items, runs },
      ...figures([...found.values()].flat()),
      chance: chanceOf(set),
      categories: Object.fromEntries([...found].map(([category, hits]) => [category, figures(hits)])),
    };
  } finally {
    await server.stop();
    await folder.remove();
  }
}

/** @param hits for each query, how many of its first ten results are of its category */
function figures(hits: readonly number[]): Figures {
  return {
    queries: hits.length,
    recallAt10: hits.filter((count) => count > 0).length / hits.length,
    precisionAt10: hits.reduce((sum, count) => sum + count, 0) / (K * hits.length),
  };
}

/** Expected figures of ten draws, category by category as often as it is searched for. */
function chanceOf({ catalogue, queries }: PhotographSet): Omit<Figures, "queries"> {
  const shares = queries.map(
    ({ category }) => catalogue.filter((one) => one.category === category).length / catalogue.length,
  );
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { recallAt10: mean(shares.map((share) => 1 - (1 - share) ** K)), precisionAt10: mean(shares) };
}

/** Runs the command; answers its summary. @param interruptAfter acknowledged items after which Ctrl-C is pressed */
async function ingest(server: Serve, folder: string, interruptAfter?: number): Promise<string> {
  const wait = interruptAfter === undefined ? ["--wait"] : [];
  const child = spawn(process.execPath, [CLI, "ingest", folder, "--url", server.origin, ...wait], {
    stdio: ["ignore", "inherit", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (data) => {
    said += data;
  });
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  if (interruptAfter !== undefined) {
    const corkboard = new Corkboard({ baseUrl: server.origin });
    while (child.exitCode === null && (await corkboard.catalog()).items < interruptAfter) {
      await new Promise((done) => setTimeout(done, 50));
    }
    child.kill("SIGINT");
  }
  const code = await ended;
  if (code !== (interruptAfter === undefined ? 0 : 130))
    throw new Error(`ingest ended with ${code}: ${said}`);
  return /Items: .*/.exec(said)?.[0] ?? said;
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function table(results: readonly Result[]): string {
  const rows = results.map(
    ({ set, known, photographs, queries, recallAt10, precisionAt10, chance }) =>
      `| ${set}; ${known} | ${photographs} | ${queries} | ${percent(recallAt10)} (${percent(chance.recallAt10)}) | ` +
      `${percent(precisionAt10)} (${percent(chance.precisionAt10)}) |`,
  );
  const heading =
    "| photographs | in the catalogue | searched by | Recall@10 (by chance) | precision@10 (by chance) |";
  return [heading, "|---|---|---|---|---|", ...rows].join("\n");
}

const results: Result[] = [];
for (const load of [groceries, fashion]) {
  const set = await load();
  console.error(`${set.name}: ${set.catalogue.length} photographs, ${set.queries.length} to search by`);
  const result = await evaluate(set);
  for (const run of result.runs) console.error(run);
  results.push(result);
}
const text = table(results);
console.log(`\n${text}\n`);
await writeFile(RESULTS, `${JSON.stringify({ bench: "photographs", results }, null, 2)}\n`);
await quoteInDocuments("photographs", text);
