/**
 * Times the candidate backbones in workerd: `npx tsx models/unified-embedding/time-candidates.ts [--rounds 9] [--only REGEX]`.
 *
 * Needs the graphs of `candidates.py`. All models are open at once and take turns. Inference has one thread, so the
 * processor time of the workerd process (Linux: /proc/PID/stat) is what a free machine would need by the clock; unlike
 * the clock it stays true on a busy one. Writes both to `results/latency.json`, where candidates that were left out keep their rows.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { median } from "../../bench/median.ts";
import { type ModelInWorkerd, openInWorkerd } from "../../bench/workerd/time-in-workerd.ts";

const HERE = new URL("./", import.meta.url);
const INFERENCES = 5;
const MS_PER_TICK = 10;

interface Candidate {
  readonly model: ModelInWorkerd;
  readonly pid: string;
  readonly clock: number[];
  readonly processor: number[];
}

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "9" }, only: { type: "string", default: "" } },
});

/** The fields of /proc/PID/stat after the command's name: state, parent, … */
async function stat(pid: string): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

async function processorMs(pid: string): Promise<number> {
  const fields = await stat(pid);
  return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
}

async function workerdChildren(): Promise<Set<string>> {
  const found = new Set<string>();
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const parent = await stat(pid).then(
      (fields) => Number(fields[1]),
      () => 0,
    );
    if (parent !== process.pid) continue;
    if ((await readFile(`/proc/${pid}/cmdline`, "utf8")).includes("workerd\0serve")) found.add(pid);
  }
  return found;
}

async function open(file: string, side: number): Promise<Candidate> {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, index) => (index * 31) % 251);
  const image = { datatype: "UINT8", shape: [1, side, side, 3], data } as const;
  const bytes = new Uint8Array(await readFile(new URL(`candidates/${file}`, HERE)));
  const before = await workerdChildren();
  const model = await openInWorkerd(bytes, { image });
  const [pid] = [...(await workerdChildren())].filter((one) => !before.has(one));
  if (pid === undefined) throw new Error("The workerd process was not found.");
  await model.time(INFERENCES); // warm: the compiler's own threads take time at first
  return { model, pid, clock: [], processor: [] };
}

const entries: { name: string; side: number }[] = JSON.parse(
  await readFile(new URL("candidates.json", HERE), "utf8"),
);
const candidates = new Map<string, Candidate>();
for (const { name, side } of entries.filter((entry) => new RegExp(values.only).test(entry.name)))
  for (const precision of ["int8", "fp32"])
    candidates.set(`${name} ${precision}`, await open(`${name}.${precision}.onnx`, side));

for (let round = 0; round < Number(values.rounds); round++) {
  const turn = [...candidates.values()];
  if (round % 2 === 1) turn.reverse();
  for (const { model, pid, clock, processor } of turn) {
    const start = await processorMs(pid);
    clock.push(await model.time(INFERENCES));
    processor.push(((await processorMs(pid)) - start) / INFERENCES);
  }
}

const tenth = (ms: number) => Math.round(ms * 10) / 10;
const rows = [...candidates].map(([name, { clock, processor }]) => ({
  name,
  processor: tenth(median(processor)),
  processorLeast: tenth(Math.min(...processor)),
  clock: tenth(median(clock)),
  clockLeast: tenth(Math.min(...clock)),
}));
for (const { model } of candidates.values()) await model.close();
console.table(rows);
const machine = { cpu: cpus()[0]?.model.trim(), cores: cpus().length, rounds: Number(values.rounds) };
const path = new URL("results/latency.json", HERE);
const earlier = JSON.parse(await readFile(path, "utf8").catch(() => '{"rows":[]}')).rows as typeof rows;
const kept = earlier.filter(({ name }) => !candidates.has(name));
await writeFile(path, `${JSON.stringify({ machine, rows: [...kept, ...rows] }, null, 1)}\n`);
