/** Runs the durability test's Worker in a process of its own, on a storage folder. Prints its address. */
import { readFile } from "node:fs/promises";
import { Miniflare } from "miniflare";

const [bundle, storage] = process.argv.slice(2) as [string, string];

const miniflare = new Miniflare({
  compatibilityDate: "2026-04-24",
  port: 0,
  modulesRoot: "/",
  modules: [
    { type: "ESModule", path: "/worker.mjs", contents: await readFile(bundle, "utf8") },
    { type: "CompiledWasm", path: "/hamming.wasm", contents: await readFile("dist/kernels/hamming.wasm") },
  ],
  durableObjects: { CATALOG: { className: "CatalogShard", useSQLite: true } },
  durableObjectsPersist: `${storage}/do`,
  r2Buckets: { PICTURES: "corkboard-pictures" },
  r2Persist: `${storage}/r2`,
  queueProducers: { EMBEDDING_QUEUE: "corkboard-embeddings" },
});
console.log(String(await miniflare.ready));
