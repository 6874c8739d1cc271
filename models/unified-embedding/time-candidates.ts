/**
 * Times the candidate backbones in workerd: `npx tsx models/unified-embedding/time-candidates.ts [--rounds 9] [--only REGEX]`.
 *
 * Needs the graphs of `candidates.py`. On the engine the int8 graph, on stock onnxruntime-web the int8 and the fp32 one.
 * All models are open at once and take turns. Inference has one thread, so the processor time of the workerd process
 * (Linux: /proc/PID/stat) is what a free machine would need by the clock; unlike the clock it stays true on a busy one.
 * Writes both to `results/latency.json`, where candidates that were left out keep their rows.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { openEngine } from "../../bench/engine/open-engine.ts";
import { median } from "../../bench/median.ts";
import { type ModelInWorkerd, openInWorkerd } from "../../bench/workerd/time-in-workerd.ts";
import { compile } from "../../src/runtime/engine/compiler/compile.ts";

const HERE = new URL("./", import.meta.url);
/** What each row's name ends in, and the graph that it runs. */
const SUBJECTS = { engine: "int8", int8: "int8", fp32: "fp32" } as const;
const MS_PER_TICK = 10;
/** Length of a measurement in milliseconds: long against a tick. */
const MEASURE_MS = 400;

interface Candidate {
  readonly model: Pick<ModelInWorkerd, "time" | "close">;
  readonly pid: string;
  readonly inferences: number;
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

async function open(subject: keyof typeof SUBJECTS, name: string, side: number): Promise<Candidate> {
  const data = Uint8Array.from({ length: side * side * 3 }, (_, index) => (index * 31) % 251);
  const file = new URL(`candidates/${name}.${SUBJECTS[subject]}.onnx`, HERE);
  const bytes = new Uint8Array(await readFile(file));
  const before = await workerdChildren();
  const model =
    subject === "engine"
      ? await openEngine(planOf(bytes), data)
      : await openInWorkerd(bytes, { image: { datatype: "UINT8", shape: [1, side, side, 3], data } });
  const [pid] = [...(await workerdChildren())].filter((one) => !before.has(one));
  if (pid === undefined) throw new Error("The workerd process was not found.");
  await model.time(subject === "engine" ? 40 : 5); // warm: V8 optimises only what ran often, in threads of its own
  const inferences = Math.max(3, Math.ceil(MEASURE_MS / Math.max(1, await model.time(5))));
  return { model, pid, inferences, clock: [], processor: [] };
}

function planOf(onnx: Uint8Array): Uint8Array {
  const compiled = compile(onnx);
  if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
  return compiled.plan;
}

const entries: { name: string; side: number }[] = JSON.parse(
  await readFile(new URL("candidates.json", HERE), "utf8"),
);
const candidates = new Map<string, Candidate>();
for (const { name, side } of entries.filter((entry) => new RegExp(values.only).test(entry.name)))
  for (const subject of Object.keys(SUBJECTS) as (keyof typeof SUBJECTS)[])
    candidates.set(`${name} ${subject}`, await open(subject, name, side));

for (let round = 0; round < Number(values.rounds); round++) {
  const turn = [...candidates.values()];
  if (round % 2 === 1) turn.reverse();
  for (const { model, pid, inferences, clock, processor } of turn) {
    const start = await processorMs(pid);
    clock.push(await model.time(inferences));
    processor.push(((await processorMs(pid)) - start) / inferences);
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
