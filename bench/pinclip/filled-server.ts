/** `corkboard serve` over a catalogue whose vectors were put there. `npm run build` must have run. */
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Miniflare, NoOpLog } from "miniflare";
import { loadFunctions } from "../../src/cli/server/functions.ts";
import { Corkboard } from "../../src/client/index.ts";
import { type Serve, startServe, temporaryFolder } from "../../test/api/serve.ts";
import { DIMENSIONS } from "../search/contestant.ts";
import { COMPATIBILITY_DATE, workerModules } from "../workerd/worker-modules.ts";

/** Items of one request while the catalogue is filled. */
const STEP = 1_000;

export interface FilledServer {
  /** Without a slash at the end. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** @param vectors n×256, unit length: of items `item-0` … `item-(n−1)` */
export async function openFilledServer(vectors: Float32Array<ArrayBuffer>): Promise<FilledServer> {
  const folder = await temporaryFolder();
  let server: Serve | undefined;
  const stop = async () => {
    await server?.stop();
    await folder.remove();
  };
  try {
    const storage = join(folder.path, "state");
    await mkdir(storage, { recursive: true });
    await fill(storage, vectors);
    server = await startServe(storage, "--quiet");
    await check(server.origin, vectors.length / DIMENSIONS);
    return { origin: server.origin, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Both functions over the server's own storage, and one more that writes to the shards of the first. */
async function fill(storage: string, vectors: Float32Array<ArrayBuffer>): Promise<void> {
  const functions = await loadFunctions({});
  const api = functions[0]!;
  const filler = await workerModules(new URL("fill-worker.ts", import.meta.url));
  const miniflare = new Miniflare({
    // As `startServer` has it.
    defaultPersistRoot: resolve(storage, "v3"),
    log: new NoOpLog(),
    cf: false,
    workers: [
      {
        name: "filler",
        compatibilityDate: COMPATIBILITY_DATE,
        ...filler,
        bindings: { CATALOG_SHARDS: api.bindings!.CATALOG_SHARDS! },
        durableObjects: { CATALOG: { className: "CatalogShard", scriptName: api.name!, useSQLite: true } },
      },
      ...functions,
    ],
  });
  try {
    for (let first = 0; first < vectors.length / DIMENSIONS; first += STEP) {
      const some = vectors.slice(first * DIMENSIONS, (first + STEP) * DIMENSIONS);
      const response = await miniflare.dispatchFetch(`http://filler/?first=${first}`, {
        method: "POST",
        body: new Uint8Array(some.buffer),
      });
      if (!response.ok) throw new Error(await response.text());
    }
  } finally {
    await miniflare.dispose();
  }
}

async function check(origin: string, count: number): Promise<void> {
  const { items, roles } = await new Corkboard({ baseUrl: origin }).catalog();
  if (items !== count || roles.item?.states.embedded !== count)
    throw new Error(`not ${count} items that words find: ${JSON.stringify({ items, roles })}`);
}
