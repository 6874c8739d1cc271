/**
 * Times the shipped detector: `chrt -r 5 npx tsx models/shop-the-look/latency.ts [rounds] [folder]`.
 *
 * The engine in workerd against onnxruntime on one thread, natively and in workerd, turn by turn. Writes medians, the
 * least of each and the ratios of the medians to `results/latency.json`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { pathToFileURL } from "node:url";
import { networkCase } from "../../bench/engine.ts";
import { median } from "../../bench/median.ts";

const HERE = new URL("./", import.meta.url);
const NAME = "shop-the-look";
const OURS = "engine in workerd";

const [rounds = "9", folder] = process.argv.slice(2);
const prefix = new URL(`${NAME}.`, folder ? pathToFileURL(`${folder}/`) : HERE);
const { subjects } = networkCase(NAME, prefix.href);
const contenders = await Promise.all(
  Object.entries(subjects).map(async ([name, start]) => ({ name, one: await start(), ms: [] as number[] })),
);
for (let round = 0; round < Number(rounds); round++) {
  for (const { one, ms } of round % 2 === 0 ? contenders : contenders.toReversed())
    ms.push(await one.measure());
}
for (const { one } of contenders) await one.close?.();

const tenth = (value: number) => Math.round(value * 10) / 10;
const ours = median(contenders.find(({ name }) => name === OURS)!.ms);
const rows = contenders.map(({ name, ms }) => ({
  name,
  median: tenth(median(ms)),
  least: tenth(Math.min(...ms)),
  ratio: Math.round((median(ms) / ours) * 100) / 100,
}));
console.table(rows);
const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, rounds: Number(rounds) };
if (!folder) {
  await mkdir(new URL("results/", HERE), { recursive: true });
  await writeFile(new URL("results/latency.json", HERE), `${JSON.stringify({ machine, rows }, null, 1)}\n`);
}
