/** `npm run bench -- NAME`: runs a benchmark, prints its table, writes `bench/results/NAME.json`. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { type Bench, markdownTable, type Row, runCase } from "./bench.ts";
import { quoteInDocuments } from "./readme.ts";
import { merged, type Report, reportTable } from "./report.ts";

const HELP = `Usage: npm run bench -- NAME [options]

  --list         names the benchmarks; with NAME, the cases of that one
  --cases TEXT   only the cases whose name contains TEXT; results are printed, not written
                 (a benchmark of sections runs those whose name contains it, and keeps what it knows of the others)
  --rounds N     rounds whose median counts (default 7, or what a benchmark of sections sets)
  --help         this text`;

const FOLDER = new URL("./", import.meta.url);
const RESULTS = new URL("results/", FOLDER);
/** Files here that are parts of benchmarks. */
const PARTS = new Set(["run.ts", "bench.ts", "median.ts", "readme.ts", "report.ts"]);

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

async function resultsOf(name: string): Promise<Row[]> {
  const text = await readFile(new URL(`${name}.json`, RESULTS), "utf8").catch(() => '{"rows":[]}');
  return JSON.parse(text).rows as Row[];
}

async function writeResults(name: string, rows: readonly Row[]): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  const result = { bench: name, machine: await machine(), rows };
  await writeFile(new URL(`${name}.json`, RESULTS), `${JSON.stringify(result, null, 2)}\n`);
}

/** Writes after every section: who breaks it off has what was measured so far, and goes on with `--cases`. */
async function runReport(name: string, report: Report, wanted: string, rounds: number): Promise<void> {
  const earlier = await resultsOf(name);
  const fresh = new Map<string, readonly Row[]>();
  for (const section of report.sections) {
    if (!section.name.includes(wanted)) continue;
    console.error(section.name);
    const rows = await section.run(rounds);
    if (rows.length === 0) continue;
    fresh.set(section.name, rows);
    const known = merged(earlier, report.sections, fresh);
    await writeResults(name, known);
    if (report.quoted) await quoteInDocuments(name, report.quoted(known));
    console.log(`\n${report.title}, ${section.name}\n\n${reportTable(rows, section.name)}\n`);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
      cases: { type: "string", default: "" },
      rounds: { type: "string" },
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
  const { bench } = (await import(new URL(`${name}.ts`, FOLDER).href)) as { bench: Bench | Report };
  const rounds = Number(values.rounds ?? ("sections" in bench ? bench.rounds : 7));
  if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError("--rounds takes a whole number from 1");
  if ("sections" in bench) {
    if (values.list) return console.log(bench.sections.map((section) => section.name).join("\n"));
    return runReport(name, bench, values.cases, rounds);
  }
  const cases = (await bench.cases()).filter((one) => one.name.includes(values.cases));
  if (values.list) return console.log(cases.map((one) => one.name).join("\n"));

  const rows: Row[] = [];
  for (const one of cases) {
    console.error(`${one.name}: ${Object.keys(one.subjects).join(", ")}`);
    rows.push(...(await runCase(one, bench, rounds)));
  }
  const table = markdownTable(rows, bench);
  console.log(`\n${bench.title}; medians of ${rounds} rounds\n\n${table}\n`);
  if (values.cases !== "") return;
  await writeResults(name, rows);
  await quoteInDocuments(name, table);
}

await main();
