/** Origins on localhost: one with the shipped models, and one whose inferences a test holds back. */
import { request as send } from "node:http";
import { folderStore } from "../../functions/origin/folder-store.ts";
import { type Origin, type OriginOptions, startOrigin } from "../../functions/origin/server.ts";
import { MODELS_FOLDER } from "../../src/cli/model-folder.ts";
import { InferenceClient } from "../../src/inference/client.ts";
import { encodeInferRequest } from "../../src/inference/encode.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { threadRuntime } from "../../src/runtime/threads/thread-runtime.ts";
import { type Held, heldBytes, heldFile, heldManifest, heldRuntime } from "../runtime/held.ts";
import { NATIVE_THREAD, threadFile } from "../runtime/thread-file.ts";

export interface TestOrigin extends Origin {
  readonly client: InferenceClient;
  get(path: string, init?: RequestInit): Promise<Response>;
}

type Options = Partial<OriginOptions>;

async function started(options: Options & Pick<OriginOptions, "store" | "runtime">): Promise<TestOrigin> {
  const origin = await startOrigin({ host: "127.0.0.1", port: 0, ...options });
  return {
    ...origin,
    client: new InferenceClient({ baseUrl: origin.url, secret: options.secret }),
    get: (path, init) => fetch(`${origin.url}${path}`, init),
  };
}

/** The shipped models on the CPU. */
export function startShipped(models: string, options: Options = {}): Promise<TestOrigin> {
  return started({
    store: folderStore({ folder: MODELS_FOLDER, models }),
    runtime: threadRuntime({ file: threadFile(NATIVE_THREAD), data: { provider: "cpu", threads: 1 } }),
    ...options,
  });
}

export interface HeldOrigin extends TestOrigin {
  readonly held: Held;
  /** Stops while inferences are still held back. */
  abandon(): Promise<void>;
}

/** One made-up model, `held`, whose inferences wait while the test says so. */
export async function startHeld(options: Options = {}): Promise<HeldOrigin> {
  const held = heldRuntime();
  const model = { manifest: heldManifest, precision: "fp32" as const, file: heldFile };
  const store = { list: async () => [model], read: async () => heldBytes() };
  const origin = await started({ store, runtime: held.runtime, ...options });
  return {
    ...origin,
    held,
    abandon: () => origin.stop(),
    async stop() {
      held.release();
      await origin.stop();
    },
  };
}

/** Rows for the model `held`. */
export function x(...numbers: number[]): Tensors {
  return { x: { datatype: "FP32", shape: [numbers.length, 1], data: Float32Array.from(numbers) } };
}

export const y = (answer: Tensors): number[] => [...(answer.y!.data as Float32Array)];

/** An inference of `held` as plain HTTP. */
export function inferRequest(inputs: Tensors = x(1), headers: Record<string, string> = {}) {
  const { body, headers: own } = encodeInferRequest({ inputs });
  return { method: "POST", body, headers: { ...own, ...headers } };
}

export const HELD_PATH = "/v2/models/held/infer";

/** Sends an inference and gives a way to hang up on it. */
export function hangUpLater(origin: Origin, inputs: Tensors): () => void {
  const { method, body, headers } = inferRequest(inputs);
  const request = send(`${origin.url}${HELD_PATH}`, { method, headers });
  request.on("error", () => undefined);
  request.end(body);
  return () => request.destroy();
}
