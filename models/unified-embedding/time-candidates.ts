/**
 * Times the candidate backbones in workerd: `npx tsx models/unified-embedding/time-candidates.ts [--rounds 9]`.
 *
 * Needs the graphs of `candidates.py`. All models are open at once and take turns, so that a busy moment of the
 * machine falls on all of them; writes the least and the median milliseconds to `results/latency.json`.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { median } from "../../bench/median.ts";
import { type ModelInWorkerd, openInWorkerd } from "../../bench/workerd/time-in-workerd.ts";

const HERE = new URL("./", import.meta.url);
const INFERENCES = 4;

const { values } = parseArgs({ options: { rounds: { type: "string", default: "9" } } });
const entries: { name: string; side: number }[] = JSON.parse(
  await readFile(new URL("candidates.json", HERE), "utf8"),
);
const sides = new Map<string, number>(entries.map((entry) => [entry.name, entry.side]));

const open = new Map<string, ModelInWorkerd>();
for (const file of (await readdir(new URL("candidates/", HERE))).sort()) {
  const [, name, precision] = /^(.+)\.(int8|fp32)\.onnx$/.exec(file) ?? [];
  const side = sides.get(name ?? "");
  if (!name || !precision || !side) continue;
  const shape = [1, side, side, 3];
  const data = Uint8Array.from({ length: side * side * 3 }, (_, index) => (index * 31) % 251);
  const bytes = new Uint8Array(await readFile(new URL(`candidates/${file}`, HERE)));
  open.set(`${name} ${precision}`, await openInWorkerd(bytes, { image: { datatype: "UINT8", shape, data } }));
}

const figures = new Map<string, number[]>([...open.keys()].map((name) => [name, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  const turn = [...open];
  if (round % 2 === 1) turn.reverse();
  for (const [name, model] of turn) figures.get(name)?.push(await model.time(INFERENCES));
}
const rows = [...figures].map(([name, ms]) => ({
  name,
  least: Math.round(Math.min(...ms) * 10) / 10,
  median: Math.round(median(ms) * 10) / 10,
}));
for (const model of open.values()) await model.close();
console.table(rows);
const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, rounds: Number(values.rounds) };
await writeFile(new URL("results/latency.json", HERE), `${JSON.stringify({ machine, rows }, null, 1)}\n`);
