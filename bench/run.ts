/** `npm run bench -- NAME`: runs a benchmark, prints its table, writes `bench/results/NAME.json`. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { type Bench, markdownTable, type Row, runCase } from "./bench.ts";
import { quoteInDocuments } from "./readme.ts";

const HELP = `Usage: npm run bench -- NAME [options]

  --list         names the benchmarks; with NAME, the cases of that one
  --cases TEXT   only the cases whose name contains TEXT; results are printed, not written
  --rounds N     rounds whose median counts (default 7)
  --help         this text`;

const FOLDER = new URL("./", import.meta.url);
const RESULTS = new URL("results/", FOLDER);
/** Files here that are parts of benchmarks. */
const PARTS = new Set(["run.ts", "bench.ts", "median.ts", "readme.ts"]);

async function benchNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files.filter((file) => file.endsWith(".ts") && !PARTS.has(file)).map((file) => file.slice(0, -3));
}

async function machine() {
  const lock = JSON.parse(await readFile(new URL("../package-lock.json", FOLDER), "utf8"));
  const version = (name: string) => lock.packages[`node_modules/${name}`]?.version as string | undefined;
  return {
    cpu: cpus()[0]?.model.trim(),
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${process.platform} ${process.arch} ${release()}`,
    node: process.version,
    workerd: version("workerd"),
    onnxruntime: version("onnxruntime-web"),
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      cases: { type: "string", default: "" },
      rounds: { type: "string", default: "7" },
    },
  });
  const names = await benchNames();
  const [name] = positionals;
  if (values.help) return console.log(HELP);
  if (name === undefined && values.list) return console.log(names.join("\n"));
  if (name === undefined || !names.includes(name)) {
    console.error(`${HELP}\n\nBenchmarks: ${names.join(", ")}`);
    process.exitCode = 2;
    return;
  }
  const { bench } = (await import(new URL(`${name}.ts`, FOLDER).href)) as { bench: Bench };
  const cases = (await bench.cases()).filter((one) => one.name.includes(values.cases));
  if (values.list) return console.log(cases.map((one) => one.name).join("\n"));
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError("--rounds takes a whole number from 1");

  const rows: Row[] = [];
  for (const one of cases) {
    console.error(`${one.name}: ${Object.keys(one.subjects).join(", ")}`);
    rows.push(...(await runCase(one, bench, rounds)));
  }
  const table = markdownTable(rows, bench);
  console.log(`\n${bench.title}; medians of ${rounds} rounds\n\n${table}\n`);
  if (values.cases !== "") return;
  await mkdir(RESULTS, { recursive: true });
  const result = { bench: name, machine: await machine(), rows };
  await writeFile(new URL(`${name}.json`, RESULTS), `${JSON.stringify(result, null, 2)}\n`);
  await quoteInDocuments(name, table);
}

await main();
