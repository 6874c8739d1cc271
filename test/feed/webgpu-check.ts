/** Runs the graphs on the CPU and on WebGPU and prints, as JSON, where keys and values were and how far answers differ. */
import { knownHistory } from "../../src/feed/known-history.ts";
import { loadTiny, requestOf, tableOf, tinyManifest } from "./tiny-model.ts";

async function run() {
  const models = [await loadTiny("fp32"), await loadTiny("fp32", "webgpu")] as const;
  const table = await tableOf(models[0], 60);
  const [before, whole] = [3, 6].map((to) => knownHistory(requestOf(0, to), table, tinyManifest)!);
  const rows = table.vectors([50, 7, 9]);
  const moment = { gap: 1, surface: 1 };
  const answers: Float32Array[] = [];
  const locations: string[] = [];
  for (const model of models) {
    const past = await model.history(before!.from(0));
    const history = await model.history(whole!.from(3), past);
    locations.push(history.keys.location);
    // What was added to is freed; what came of it stays good.
    past.dispose();
    answers.push(await model.candidates(rows, moment, history));
    history.dispose();
  }
  const [cpu, gpu] = answers as [Float32Array, Float32Array];
  const difference = Math.max(...cpu.map((value, at) => Math.abs(value - gpu[at]!)));
  console.log(JSON.stringify({ locations, difference }));
}

// The device keeps the process alive.
run().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
