import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{workerd,browser,server}.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        plugins: [
          cloudflareTest({
            main: "./test/worker.ts",
            miniflare: {
              compatibilityDate: "2026-04-24",
              compatibilityFlags: ["nodejs_compat"],
              // Without the rule, Vite takes .wasm imports for modules whose imports it has to resolve.
              modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
              durableObjects: {
                BOARDS: { className: "BoardShard", useSQLite: true },
                CATALOG: { className: "CatalogShard", useSQLite: true },
                KEYS: { className: "KeyRing", useSQLite: true },
                PEOPLE: { className: "Person", useSQLite: true },
              },
              r2Buckets: { EVENTS: "corkboard-events", PICTURES: "corkboard-pictures" },
              queueProducers: { EMBEDDING_QUEUE: "corkboard-embeddings", EVENT_QUEUE: "corkboard-events" },
              ratelimits: { THREE: { simple: { limit: 3, period: 60 } } },
            },
          }),
        ],
        test: {
          name: "workerd",
          include: ["test/**/*.workerd.test.ts"],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "server",
          include: ["test/**/*.server.test.ts"],
          // Whole servers, one at a time: each takes a processor while it starts.
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/**/*.browser.test.ts"],
          // A software WebGPU adapter needs up to half a minute for its first inference.
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
