/** The thread of an origin's cascade: model, item table, and keys and values live here. The file that a worker runs. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import { Problem } from "../problem.ts";
import { InferenceError, ModelLoadError } from "../runtime/errors.ts";
import { assertModelFile } from "../runtime/integrity.ts";
import type { ModelFile } from "../runtime/manifest.ts";
import { SEQUENCE_GRAPHS, type SequenceGraph } from "../runtime/manifest-sequence.ts";
import { ortNode, providersOfMachine } from "../runtime/native-runtime.ts";
import { failureOf } from "../runtime/threads/messages.ts";
import { FEED_ACTIONS } from "./actions.ts";
import type {
  CarriedProblem,
  CascadeNotice,
  CascadeOrder,
  CascadeResults,
  CascadeSettings,
  CascadeState,
} from "./cascade-messages.ts";
import { KvPool } from "./kv-pool.ts";
import { SequenceModel } from "./sequence-model.ts";
import { TableKeeper } from "./table-keeper.ts";
import { TableSource } from "./table-source.ts";
import { type CachedHistory, Cascade } from "./unipinrec.ts";

/** Milliseconds from one look for keys and values whose time is over to the next. */
const SWEEP_MS = 10_000;

interface Running {
  readonly cascade: Cascade;
  state(): CascadeState;
}

if (!parentPort) throw new Error("This file runs in a worker thread.");
const port = parentPort;
let running: Promise<Running> | undefined;

const tell = (notice: CascadeNotice) => port.postMessage({ notice });

port.on("message", async ({ id, ...order }: CascadeOrder & { readonly id: number }) => {
  try {
    port.postMessage({ id, result: await follow(order) });
  } catch (error) {
    port.postMessage({ id, failure: failureOf(error) });
  }
});

async function follow(order: CascadeOrder): Promise<CascadeResults[CascadeOrder["kind"]]> {
  if (order.kind === "start") {
    running ??= start(order);
    return (await running).state();
  }
  if (!running) throw new Error("the cascade was not started");
  const { cascade, state } = await running;
  const { request, deadline } = order;
  const outcome = await cascade.rank(request, deadline).then(
    (answer) => ({ ok: true, answer }) as const,
    (error: unknown) => ({ ok: false, problem: carried(error) }) as const,
  );
  return { outcome, state: state() };
}

async function start(settings: CascadeSettings): Promise<Running> {
  const { manifest, catalog, tableEveryMs, kvBytes, kvTtlMs } = settings;
  if (manifest.actions.join() !== FEED_ACTIONS.join()) {
    throw new ModelLoadError(manifest.name, `its actions are ${manifest.actions}, not ${FEED_ACTIONS}`);
  }
  const model = await loadModel(settings);
  await prove(model);
  const pool = new KvPool<CachedHistory>({ budgetBytes: kvBytes, ttlMs: kvTtlMs });
  setInterval(() => pool.sweep(), Math.min(SWEEP_MS, kvTtlMs));
  const log = (line: string) => tell({ log: line });
  let said: string | undefined;
  const onRetry = (reason: string) => {
    // Said once: a catalogue that is away may be so for hours.
    if (reason !== said) log(`item table: a page is asked for again: ${reason}`);
    said = reason;
  };
  const keeper =
    catalog &&
    new TableKeeper({
      source: new TableSource({ ...catalog, onRetry }),
      model,
      everyMs: tableEveryMs,
      log,
      onLook: () => tell({ state: state() }),
    });
  const problem = () => (keeper ? keeper.problem : "it was started without --catalog");
  const cascade = new Cascade({ model, pool, table: () => keeper?.table, problem });
  const state = (): CascadeState => {
    const { table, checkedAt } = keeper ?? {};
    const why = problem();
    return {
      provider: model.provider,
      precision: model.precision,
      pool: pool.stats,
      ...(table && {
        table: {
          revision: table.revision,
          items: table.size,
          index: table.kind,
          builtAt: table.builtAt,
          checkedAt: checkedAt ?? table.builtAt,
        },
      }),
      ...(why !== undefined && { problem: why }),
    };
  };
  void keeper?.start();
  return { cascade, state };
}

async function loadModel(settings: CascadeSettings): Promise<SequenceModel> {
  const { manifest, folder, provider, threads } = settings;
  const [first] = provider ? [provider] : providersOfMachine(await ortNode());
  const fast = first !== "cpu" && manifest.graphs.history.files.fp16 ? "fp16" : "fp32";
  const precision = settings.precision ?? fast;
  const read = async (file: ModelFile | undefined) => {
    if (!file) throw new ModelLoadError(manifest.name, `a graph has no ${precision} file`);
    const bytes = new Uint8Array(await readFile(join(folder, file.path)));
    await assertModelFile(manifest, file, bytes);
    return bytes;
  };
  const graphs: Partial<Record<SequenceGraph, Uint8Array>> = {};
  for (const graph of SEQUENCE_GRAPHS) graphs[graph] = await read(manifest.graphs[graph].files[precision]);
  const files = { graphs: graphs as Record<SequenceGraph, Uint8Array>, start: await read(manifest.start) };
  return SequenceModel.load(files, { manifest, precision, provider, threads });
}

/**
 * A real inference of each graph, the second time as large as requests may be: what does not run here, or has no room,
 * is to show before anybody asks, and nobody who does is to pay for the first.
 */
async function prove(model: SequenceModel): Promise<void> {
  const { manifest } = model;
  const { content, dimensions, max_history, max_candidates } = manifest;
  const vector = new Float32Array(content.dimensions).fill(1 / Math.sqrt(content.dimensions));
  const item = await model.items(vector);
  if (!item.every(Number.isFinite)) {
    throw new InferenceError(`${manifest.name}/item`, "it answered what is no vector");
  }
  const items = (count: number) => new Uint16Array(count * dimensions);
  const tokens = (count: number) => ({
    items: items(count),
    actions: new Float32Array(count * manifest.actions.length),
    gaps: new Float32Array(count),
    surfaces: new BigInt64Array(count),
  });
  const first = await model.history(tokens(1));
  const second = await model.history(tokens(Math.max(1, max_history - 1)), first);
  await model.candidates(items(max_candidates), { gap: 0, surface: 0 }, second);
  first.dispose();
  second.dispose();
}

function carried(error: unknown): CarriedProblem {
  if (!(error instanceof Problem)) {
    console.error(error);
    return {
      status: 500,
      code: "cascade-failed",
      title: "Cascade failed",
      detail: "The cascade failed unexpectedly.",
    };
  }
  const { status, code, title, message: detail, hint, retryAfter } = error;
  return {
    status,
    code,
    title,
    detail,
    ...(hint !== undefined && { hint }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
}
