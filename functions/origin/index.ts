#!/usr/bin/env node
/** `npm run origin`: the models of a folder on this machine's GPU, or its CPU, behind the Open Inference Protocol. */
import { availableParallelism, totalmem } from "node:os";
import { Command, Option } from "commander";
import { MODELS_FOLDER } from "../../src/cli/model-folder.ts";
import { wholeNumber } from "../../src/cli/whole-number.ts";
import { LARGEST_BATCH, MAX_BATCH_WINDOW_MS } from "../../src/inference/batcher.ts";
import type { HostedModel } from "../../src/inference/model-store.ts";
import { Problem } from "../../src/problem.ts";
import { reasonOf } from "../../src/runtime/errors.ts";
import { pinnedName } from "../../src/runtime/manifest.ts";
import type { NativeProvider } from "../../src/runtime/native-runtime.ts";
import type { Session } from "../../src/runtime/session.ts";
import { threadRuntime } from "../../src/runtime/threads/thread-runtime.ts";
import { cascadeSetup, hostedChoice } from "./cascade-setup.ts";
import { folderStore } from "./folder-store.ts";
import { MAX_BATCH, MAX_WAITING } from "./limits.ts";
import { startOrigin } from "./server.ts";

const BYTES_PER_MB = 1024 * 1024;
/** Part of the machine's memory that the process may grow to before it drops models. */
const MEMORY_PART = 0.75;
/** More would wait longer than anybody does. */
const MOST_WAITING = 10_000;
const MOST_WORKERS = 64;
const MOST_THREADS = 1_024;
/** A look at an unchanged catalogue sends no vectors. */
const TABLE_SECONDS = 30;
const MOST_TABLE_SECONDS = 86_400;
/** Some 500 full histories of the shipped model at fp32. */
const KV_MB = 1_024;
const MOST_KV_MB = 1_024 * 1_024;

interface Options {
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  readonly models: string;
  readonly precision?: string;
  readonly provider?: NativeProvider;
  readonly workers: number;
  readonly threads?: number;
  readonly maxBatch: number;
  readonly batchWindow: number;
  readonly warmBatches?: boolean;
  readonly maxWaiting: number;
  readonly memory: number;
  readonly catalog: string;
  readonly tableEvery: number;
  readonly kvMemory: number;
}

const program = new Command("corkboard-origin")
  .description("Run models on this machine's GPU, or its CPU, behind the Open Inference Protocol v2.")
  .option("--host <address>", "address to listen on; others than loopback need ORIGIN_SECRET", "127.0.0.1")
  .option("--port <port>", "port to listen on; 0 takes a free one", wholeNumber(0, 65_535), 8001)
  .option("--folder <folder>", "where the models are", MODELS_FOLDER)
  .option("--models <names>", "names with optional precisions, such as unified-embedding:fp16,pinclip", "*")
  .addOption(
    new Option(
      "--precision <precision>",
      "of the models that name none (default: the first of int8, fp16, fp32)",
    ).choices(["int8", "fp16", "fp32"]),
  )
  .addOption(
    new Option(
      "--provider <provider>",
      "what runs the models (default: the first that works of cuda, webgpu, cpu)",
    ).choices(["cuda", "webgpu", "cpu"]),
  )
  .option("--workers <n>", "threads with an engine, each with every model", wholeNumber(1, MOST_WORKERS), 1)
  .option(
    "--threads <n>",
    "threads inside an operator on the CPU (default: the cores)",
    wholeNumber(1, MOST_THREADS),
  )
  .option("--max-batch <rows>", "most rows that run together", wholeNumber(1, LARGEST_BATCH), MAX_BATCH)
  .option(
    "--batch-window <ms>",
    "how long a request waits for company",
    wholeNumber(0, MAX_BATCH_WINDOW_MS),
    0,
  )
  .option("--warm-batches", "run batches of 2, 4, … rows at the start, so that no first request pays for one")
  .option(
    "--catalog <url>",
    "Corkboard's API, which has the items that feeds are made of; none: no feeds",
    "http://127.0.0.1:8787",
  )
  .option(
    "--table-every <s>",
    "seconds from one look for changed items to the next",
    wholeNumber(1, MOST_TABLE_SECONDS),
    TABLE_SECONDS,
  )
  .option(
    "--kv-memory <MB>",
    "keys and values of histories that are kept for the next request",
    wholeNumber(0, MOST_KV_MB),
    KV_MB,
  )
  .option(
    "--max-waiting <n>",
    "most requests of a model that wait",
    wholeNumber(0, MOST_WAITING),
    MAX_WAITING,
  )
  .option(
    "--memory <MB>",
    "memory above which models are dropped",
    wholeNumber(1, Number.MAX_SAFE_INTEGER),
    memoryMb(),
  )
  .showHelpAfterError()
  .addHelpText(
    "after",
    `
Environment:
  ORIGIN_SECRET           shared with the edge, which signs its requests; 24 characters or more
  ORIGIN_SECRET_PREVIOUS  the one before, good as well until the edge has the new one
  ORIGIN_METRICS_TOKEN    bearer token for /metrics; without it they are for this machine only
  ORIGIN_CATALOG_KEY      API key with the scope read, to pull the items; without it local development alone gives them

Examples:
  $ npm run origin
  $ ORIGIN_SECRET=… npm run origin -- --host 0.0.0.0 --provider cuda --precision fp16 --max-batch 32

Ctrl-C ends it when the requests in work are answered; a second one ends it at once.`,
  )
  .action(run);

/** A container may have less memory than its machine. */
function memoryMb(): number {
  const allowed = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return Math.floor((MEMORY_PART * Math.min(totalmem(), allowed)) / BYTES_PER_MB);
}

async function run(options: Options): Promise<void> {
  const { host, port, folder, models, precision, provider, workers, maxBatch, maxWaiting } = options;
  const threads = options.threads ?? (workers > 1 ? Math.ceil(availableParallelism() / workers) : undefined);
  const cascade = await cascadeSetup({
    ...{ folder, models, precision, provider, threads, catalog: options.catalog },
    key: process.env.ORIGIN_CATALOG_KEY || undefined,
    tableEverySeconds: options.tableEvery,
    kvMemoryMb: options.kvMemory,
  });
  const hosted = hostedChoice(models, cascade?.manifest.name);
  const store = folderStore({ folder, models: hosted, ...(precision && { precision }) });
  // A mistake in the options shows before anything listens.
  const wanted = await store.list();
  const origin = await startOrigin({
    store,
    runtime: threadRuntime({
      file: new URL("./native-thread.js", import.meta.url),
      data: { provider, threads },
      threads: workers,
    }),
    cascade: cascade && {
      ...cascade,
      thread: new URL("./cascade-thread.js", import.meta.url),
      log: (line) => console.error(line),
    },
    host,
    port,
    lanes: workers,
    maxBatch,
    batchWindowMs: options.batchWindow,
    warmBatches: options.warmBatches,
    maxWaiting,
    memoryBudgetBytes: options.memory * BYTES_PER_MB,
    secret: process.env.ORIGIN_SECRET || undefined,
    previousSecret: process.env.ORIGIN_SECRET_PREVIOUS || undefined,
    metricsToken: process.env.ORIGIN_METRICS_TOKEN || undefined,
  });
  stopOnSignals(() => origin.stop());
  const started = origin.startCascade().then(
    (state) =>
      state && console.error(`  ${pinnedName(cascade!.manifest)} ${state.precision}, on ${state.provider}`),
    (error) => console.error(`  ${cascade?.manifest.name} cannot be loaded: ${reasonOf(error)}`),
  );
  console.error(`Loading ${wanted.length} models from ${folder}`);
  let since = performance.now();
  await origin.warmUp((model, session) => {
    const seconds = ((performance.now() - since) / 1000).toFixed(2);
    since = performance.now();
    console.error(`  ${described(model, session)}, ready after ${seconds} s`);
  });
  await started;
  const who = process.env.ORIGIN_SECRET
    ? "requests have to be signed"
    : "for this machine only, without a secret";
  console.error(`The origin is at ${origin.url} (${who})`);
}

function described({ manifest, precision }: HostedModel, session: Session | undefined): string {
  const where = session ? `${session.engine} on ${session.provider}` : "dropped again: --memory is too small";
  return `${pinnedName(manifest)} ${precision}, ${where}`;
}

function stopOnSignals(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(1);
      stopping = true;
      void stop().then(() => process.exit(0));
    });
  }
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Problem || error instanceof RangeError)) throw error;
  const hint = error instanceof Problem && error.hint ? `\n  ${error.hint}` : "";
  console.error(`corkboard-origin: ${error.message}${hint}`);
  process.exit(1);
}
