/** The edge functions in real workerd, offline, with storage of their own. */
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { unstable_startWorker as startWorker } from "wrangler";

const ROOT = resolve(import.meta.dirname, "../..");
const API = "wrangler.toml";
const MODEL_HOST = "functions/model-host/wrangler.toml";

/** A request that takes longer has hung; slow machines included. */
const REQUEST_MS = 60_000;

type Worker = Awaited<ReturnType<typeof startWorker>>;

export interface DevServer {
  /** Of the API, without a slash at the end. */
  readonly origin: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  startModelHost(): Promise<void>;
  stopModelHost(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts API and model host on free ports, and waits until they are ready. `npm run build` must have run.
 * @param vars variables of the API, in place of those in `wrangler.toml`
 */
export async function startDevServer(vars: Readonly<Record<string, string>> = {}): Promise<DevServer> {
  if (!existsSync(join(ROOT, "dist/site")) || !existsSync(join(ROOT, "dist/models/registry.json"))) {
    throw new Error("There is no dist/: run `npm run build` first.");
  }
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
  process.env.WRANGLER_SEND_METRICS = "false";
  const storage = await mkdtemp(join(tmpdir(), "corkboard-test-"));
  const bindings = Object.fromEntries(
    Object.entries(vars).map(([name, value]) => [name, { type: "plain_text" as const, value }]),
  );
  const start = (config: string) =>
    startWorker({
      config: join(ROOT, config),
      ...(config === API && { bindings }),
      dev: {
        watch: false,
        logLevel: "none",
        inspector: false,
        persist: join(storage, "state"),
        registry: join(storage, "registry"),
        server: { hostname: "127.0.0.1", port: 0 },
      },
    });

  let modelHost: Worker | undefined = await start(MODEL_HOST);
  await modelHost.ready;
  const api = await start(API);
  await api.ready;
  const origin = (await api.url).origin;
  await eventually(async () => {
    const response = await fetch(`${origin}/health/ready`, { signal: AbortSignal.timeout(20_000) });
    if (!response.ok) throw new Error(await response.text());
  }, 60_000);
  return {
    origin,
    fetch: (path, init) => fetch(`${origin}${path}`, { signal: AbortSignal.timeout(REQUEST_MS), ...init }),
    async startModelHost() {
      modelHost ??= await start(MODEL_HOST);
      await modelHost.ready;
    },
    async stopModelHost() {
      await modelHost?.dispose();
      modelHost = undefined;
    },
    async stop() {
      await api.dispose();
      await modelHost?.dispose();
      await rm(storage, { recursive: true, force: true });
    },
  };
}

/** Tries until `attempt` succeeds: the functions find each other through files, which takes a moment. */
export async function eventually<Result>(attempt: () => Promise<Result>, withinMs = 20_000): Promise<Result> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((done) => setTimeout(done, 200));
    }
  }
}
