/** A thread of onnxruntime-node: the file that a worker thread runs. */
import { parentPort, workerData } from "node:worker_threads";
import { type NativeRuntimeOptions, nativeRuntime } from "../native-runtime.ts";
import { serveThread } from "./serve-thread.ts";

if (!parentPort) throw new Error("This file runs in a worker thread.");
serveThread(parentPort, nativeRuntime(workerData as NativeRuntimeOptions));
