/** A runtime whose inferences a test holds back, over one made-up model: `y` is twice `x`. */
import { sha256 } from "../../src/runtime/integrity.ts";
import { type ThreadRuntime, threadRuntime } from "../../src/runtime/threads/thread-runtime.ts";
import { fixtureManifest } from "./fixtures/index.ts";
import { threadFile } from "./thread-file.ts";

/** What the thread and the test share. */
export interface HeldData {
  readonly state: Int32Array;
}

/** Where in the state: whether inferences may go on; how many have started, and after that the rows of each. */
export const OPEN = 0;
export const RUNS = 1;
/** The thread dies of a row with this number. */
export const DEADLY = 666;

const MOST_RUNS = 100;
const bytes = Uint8Array.of(1, 2, 3);

const spec = (name: string) => ({ name, datatype: "FP32" as const, shape: [-1, 1] });
const draft = fixtureManifest("held", { input: spec("x"), output: spec("y") });
export const heldFile = { path: "held.onnx", bytes: bytes.byteLength, sha256: await sha256(bytes) };
export const heldManifest = { ...draft, files: { fp32: heldFile } };

export interface Held {
  readonly runtime: ThreadRuntime;
  /** Rows of each inference that has started. */
  rows(): number[];
  /** Lets inferences go on, those that wait and those to come. */
  release(): void;
  hold(): void;
}

export const heldBytes = (): Uint8Array => bytes.slice();

export function heldRuntime(patienceMs?: number): Held {
  const state = new Int32Array(new SharedArrayBuffer(4 * (MOST_RUNS + 2)));
  state[OPEN] = 1;
  return {
    runtime: threadRuntime({
      file: threadFile("held-thread.ts"),
      data: { state } satisfies HeldData,
      patienceMs,
    }),
    rows: () => [...state.slice(RUNS + 1, RUNS + 1 + state[RUNS]!)],
    release() {
      Atomics.store(state, OPEN, 1);
      Atomics.notify(state, OPEN);
    },
    hold: () => void Atomics.store(state, OPEN, 0),
  };
}
