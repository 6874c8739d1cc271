/**
 * Puts the reports of one machine into one file and its tables into README.md:
 * `npx tsx bench/unipinrec/merge.ts bench/results/unipinrec-gpu.json WebGPU=ranking.json WebGPU=fp16.json CUDA=cuda.json`.
 *
 * ENGINE stands before the names of a report's cases. Without reports the tables are made anew from the file.
 */
import { readFile, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import type { Row } from "../bench.ts";
import { TABLES } from "./tables.ts";

export interface GpuReport {
  readonly bench: string;
  readonly machine: Readonly<Record<string, unknown>> & { readonly gpu: string };
  readonly rows: readonly Row[];
}

/** What of `machine` is one report's own; the names of cases tell it. */
const OWN = new Set(["engine", "provider"]);

/** One report of all; what machines are said to be is joined. Throws when GPUs differ, or two rows are of the same. */
export function mergedReports(reports: readonly (readonly [engine: string, report: GpuReport])[]): GpuReport {
  const gpus = new Set(reports.map(([, { machine }]) => machine.gpu.split(",")[0]));
  if (gpus.size !== 1) throw new Error(`Reports of one GPU, not of ${[...gpus].join(" and ") || "none"}.`);
  const machine: Record<string, unknown> = {};
  const rows = new Map<string, Row>();
  for (const [engine, report] of reports) {
    for (const [name, value] of Object.entries(report.machine)) {
      if (!OWN.has(name)) machine[name] ??= value;
    }
    for (const row of report.rows) {
      const named = { ...row, case: `${engine}: ${row.case}` };
      const key = JSON.stringify([named.case, row.subject]);
      if (rows.has(key)) throw new Error(`Twice: ${named.case}, ${row.subject}.`);
      rows.set(key, named);
    }
  }
  return {
    bench: "unipinrec-gpu",
    machine: machine as GpuReport["machine"],
    rows: [...rows.values()],
  };
}

/** Fills what stands between `<!-- NAME -->` and `<!-- /NAME -->`. Throws where a table has no place. */
export function withTables(text: string, rows: readonly Row[]): string {
  for (const [name, table] of Object.entries(TABLES)) {
    const place = new RegExp(`<!-- ${name} -->.*?<!-- /${name} -->`, "s");
    if (!place.test(text)) throw new Error(`No place for the table ${name}.`);
    text = text.replace(place, () => `<!-- ${name} -->\n\n${table(rows)}\n\n<!-- /${name} -->`);
  }
  return text;
}

async function main(): Promise<void> {
  const [out, ...given] = process.argv.slice(2);
  if (!out) throw new Error("Usage: merge.ts OUT [ENGINE=REPORT …]");
  const reports = given.map(async (one) => {
    const at = one.indexOf("=");
    if (at < 1) throw new Error(`ENGINE=REPORT, not ${one}.`);
    return [one.slice(0, at), JSON.parse(await readFile(one.slice(at + 1), "utf8")) as GpuReport] as const;
  });
  if (reports.length > 0) {
    const report = mergedReports(await Promise.all(reports));
    await writeFile(out, `${JSON.stringify(report, null, 2)}\n`);
  }
  const { rows } = JSON.parse(await readFile(out, "utf8")) as GpuReport;
  const card = new URL("README.md", import.meta.url);
  await writeFile(card, withTables(await readFile(card, "utf8"), rows));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) await main();
