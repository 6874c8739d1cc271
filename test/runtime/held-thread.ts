/** A thread of a made-up engine: it blocks while it computes, as a GPU's does, until a test lets it go. */
import { parentPort, workerData } from "node:worker_threads";
import { inputsOf, outputsOf } from "../../src/runtime/manifest-tensors.ts";
import type { Runtime } from "../../src/runtime/session.ts";
import { serveThread } from "../../src/runtime/threads/serve-thread.ts";
import { DEADLY, type HeldData, OPEN, RUNS } from "./held.ts";

const { state } = workerData as HeldData;

const runtime: Runtime = {
  engine: "native",
  async load(bytes, { manifest }) {
    const session = {
      engine: "native" as const,
      provider: "held",
      inputs: inputsOf(manifest),
      outputs: outputsOf(manifest),
      async run({ x }: Record<string, { shape: readonly number[]; data: Float32Array }>) {
        const { shape, data } = x!;
        state[RUNS + 1 + state[RUNS]!] = shape[0]!;
        Atomics.add(state, RUNS, 1);
        Atomics.wait(state, OPEN, 0);
        if (data.includes(DEADLY)) process.exit(3);
        return { y: { datatype: "FP32" as const, shape, data: data.map((value) => 2 * value) } };
      },
      memory: () => ({ heapBytes: 0, modelBytes: bytes.byteLength }),
      dispose: async () => undefined,
    };
    return session as unknown as Awaited<ReturnType<Runtime["load"]>>;
  },
};

serveThread(parentPort!, runtime);
