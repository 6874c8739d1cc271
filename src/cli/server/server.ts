/** The whole product in one process: Miniflare runs the functions, and keeps their state in a folder. */
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { Miniflare, MiniflareOptions } from "miniflare";
import { isLoopbackAddress } from "../../http/auth/loopback.ts";
import { Problem } from "../../problem.ts";
import { adminTokenOf } from "./admin-token.ts";
import { loadFunctions } from "./functions.ts";
import { lockStorage } from "./storage-lock.ts";
import { SINGLE_THREADED_GC, v8FlagsEnvironment } from "./v8-flags.ts";
import { watch } from "./watchdog.ts";

export interface ServerOptions {
  /** Folder of all state: items, vectors, pictures, keys. */
  readonly storage: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Whether even this machine needs a key to write. */
  readonly requireKeys: boolean;
  /** Whether reading takes a key too. */
  readonly privateRead?: boolean;
  /** A GPU origin. @default none */
  readonly gpuOrigin?: GpuOrigin;
  /** Gets the lines that the functions log. */
  readonly onLog: (stream: Readable) => void;
}

export interface GpuOrigin {
  readonly url: string;
  /** That it shares with this server. */
  readonly secret?: string | undefined;
  /** Its model for feeds, `name@revision`. @default `unipinrec` in any revision */
  readonly feedModel?: string | undefined;
}

export interface Server {
  /** Without a slash at the end. */
  readonly origin: string;
  /** Waits for requests in work, up to `DRAIN_SECONDS`, and ends. */
  stop(): Promise<void>;
}

/** Who can reach the port could read, and nobody could write. */
export class KeysMissingError extends Problem {
  constructor(host: string) {
    super({
      status: 400,
      code: "keys-missing",
      title: "There are no keys yet",
      detail: `On ${host} others can reach the server, but there is no key that would let anybody write.`,
      hint:
        "Start it once on 127.0.0.1, make a key with `npx corkboard keys create me` (same --storage), " +
        "and start it here again.",
    });
  }
}

/** Longest wait for requests in work when the server is asked to end. */
const DRAIN_SECONDS = 10;
const DRAIN_POLL_MS = 100;

const LOOPBACK = "127.0.0.1";

/** @throws {KeysMissingError} {NotBuiltError} {StorageInUseError} */
export async function startServer(options: ServerOptions): Promise<Server> {
  const unlock = await lockStorage(options.storage);
  try {
    const { miniflare, origin, unwatch } = await open(options);
    const end = async () => {
      unwatch();
      await drain(miniflare);
      await miniflare.dispose();
      await unlock();
    };
    return { origin, stop: end };
  } catch (error) {
    await unlock();
    throw error;
  }
}

interface Open {
  readonly miniflare: Miniflare;
  readonly origin: string;
  readonly unwatch: () => void;
}

async function open(options: ServerOptions): Promise<Open> {
  const { storage, host, port } = options;
  const local = isLoopbackAddress(host);
  const adminToken = await adminTokenOf(storage);
  // Only here, so that all other commands start without it.
  const { Miniflare, NoOpLog } = await import("miniflare");
  const settings: MiniflareOptions = {
    host: local ? host : LOOPBACK,
    port: local ? port : 0,
    defaultPersistRoot: resolve(storage, "v3"),
    log: new NoOpLog(),
    // Nothing is asked of the internet.
    cf: false,
    handleRuntimeStdio: (stdout: Readable, stderr: Readable) => {
      options.onLog(stdout);
      options.onLog(stderr);
    },
    workers: await loadFunctions({
      ADMIN_TOKEN: adminToken,
      LOCAL_DEVELOPMENT: String(local && !options.requireKeys),
      ...(options.privateRead && { PUBLIC_READ: "false" }),
      ...(options.gpuOrigin && originVariables(options.gpuOrigin)),
    }),
  };
  Object.assign(process.env, await v8FlagsEnvironment([SINGLE_THREADED_GC]));
  const miniflare = new Miniflare(settings);
  try {
    let url = await miniflare.ready;
    // Until it is known that there are keys, only this machine can reach it.
    if (!local) {
      if (!(await hasKeys(miniflare, adminToken))) throw new KeysMissingError(host);
      await miniflare.setOptions({ ...settings, host, port });
      url = await miniflare.ready;
    }
    const unwatch = watch({
      ask: (signal) => fetch(new URL("/health/live", url), { signal }),
      // In the same place: whoever talks to it finds it again.
      restart: () => miniflare.setOptions({ ...settings, host: url.hostname, port: Number(url.port) }),
    });
    return { miniflare, origin: url.origin, unwatch };
  } catch (error) {
    await miniflare.dispose();
    throw error;
  }
}

function originVariables({ url, secret, feedModel }: GpuOrigin): Record<string, string> {
  return {
    ORIGIN_URL: url,
    ...(secret && { ORIGIN_SECRET: secret }),
    ...(feedModel && { FEED_ORIGIN_MODEL: feedModel }),
  };
}

async function hasKeys(miniflare: Miniflare, adminToken: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${adminToken}` };
  const response = await miniflare.dispatchFetch("http://127.0.0.1/v1/keys", { headers });
  const { data } = (await response.json()) as { data: unknown[] };
  return data.length > 0;
}

/** Waits until no request is in work, but not for ever. */
async function drain(miniflare: Miniflare): Promise<void> {
  const end = Date.now() + DRAIN_SECONDS * 1000;
  while (Date.now() < end && (await requestsInWork(miniflare)) > 0) {
    await new Promise((done) => setTimeout(done, DRAIN_POLL_MS));
  }
}

/** As the API counts them, without the one that asks. */
async function requestsInWork(miniflare: Miniflare): Promise<number> {
  const response = await miniflare.dispatchFetch("http://127.0.0.1/metrics").catch(() => undefined);
  const text = (await response?.text()) ?? "";
  return Number(/^corkboard_http_requests_in_flight (\d+)$/m.exec(text)?.[1] ?? 1) - 1;
}
