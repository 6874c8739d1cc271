/** Runs inside a page for `browser.ts`: one model on the engine and on onnxruntime-web, timed in turns. */
import { engineRuntime } from "../../src/runtime/engine/engine-runtime.ts";
import { fetchBuild } from "../../src/runtime/engine/module.browser.ts";
import type { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Session } from "../../src/runtime/session.ts";
import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";

const fetchBytes = async (path: string) => new Uint8Array(await (await fetch(path)).arrayBuffer());

const RUNTIMES = {
  engine: engineRuntime(),
  "engine without relaxed SIMD": engineRuntime({
    compile: async () => ({ module: await WebAssembly.compile(await fetchBuild("simd")), build: "simd" }),
  }),
  "onnxruntime-web": wasmRuntime(),
};

export interface BrowserTiming {
  readonly subject: string;
  readonly provider: string;
  /** From the model's bytes to the first answer, kernels included: once each, so a rough figure. */
  readonly coldMs: number;
  /** Milliseconds of one inference, a figure a round. */
  readonly rounds: number[];
}

/**
 * @param measureMs Length of a measurement: long against the clock's steps of 0.1 ms.
 * @returns a figure a round for each runtime; every other round they take turns in reverse.
 */
async function timeInPage(
  manifest: ImageEmbeddingManifest,
  rounds: number,
  measureMs: number,
): Promise<BrowserTiming[]> {
  const options = { manifest, precision: "int8" } as const;
  const shape = [1, ...manifest.input.shape.slice(1)];
  const length = shape.reduce((product, size) => product * size);
  const data = Uint8Array.from({ length }, (_, i) => (i * 31) % 251);
  const inputs = { [manifest.input.name]: { datatype: "UINT8" as const, shape, data } };
  const time = async (session: Session, k: number) => {
    const start = performance.now();
    for (let left = k; left > 0; left--) await session.run(inputs);
    return (performance.now() - start) / k;
  };
  const subjects: (BrowserTiming & { session: Session; k: number })[] = [];
  for (const [subject, runtime] of Object.entries(RUNTIMES)) {
    const bytes = await fetchBytes(runtime.engine === "engine" ? "/model.plan" : "/model.onnx");
    const start = performance.now();
    const session = await runtime.load(bytes, options);
    await session.run(inputs);
    const coldMs = performance.now() - start;
    // V8 compiles hot code again, better: that must be over before anything is measured.
    await time(session, 30);
    const k = Math.max(3, Math.ceil(measureMs / (await time(session, 5))));
    subjects.push({ subject, provider: session.provider, coldMs, rounds: [], session, k });
  }
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? subjects : subjects.toReversed();
    for (const { rounds: figures, session, k } of order) figures.push(await time(session, k));
  }
  return subjects.map(({ session: _, k: __, ...timing }) => timing);
}

Object.assign(globalThis, { timeInPage });
