/** A workerd process from nothing to its first embedding. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Plugin } from "esbuild";
import { COMPATIBILITY_DATE, workerModules } from "../../workerd/worker-modules.ts";

export interface ColdStart {
  /** Milliseconds from the process's start until it listens. */
  readonly readyMs: number;
  /** Milliseconds from then to the first answer: the model is loaded and run, by code that nobody has run before. */
  readonly firstMs: number;
  readonly heapBytes: number;
  readonly output: Float32Array;
}

export interface ColdWorker {
  /** Starts a process, asks once, ends it. */
  start(): Promise<ColdStart>;
  close(): Promise<void>;
}

const WORKERD = (createRequire(import.meta.url)("workerd") as { default: string }).default;
const TYPES: Readonly<Record<string, string>> = { ESModule: "esModule", CompiledWasm: "wasm", Data: "data" };

const modelModule: Plugin = {
  name: "model",
  setup: ({ onResolve }) =>
    onResolve({ filter: /model\.bin$/ }, () => ({ path: "./model.bin", external: true })),
};

/** @param url A Worker of this folder; `model` becomes its module `./model.bin`, `pixels` the request's body. */
export async function coldWorker(url: URL, model: Uint8Array, pixels: Uint8Array): Promise<ColdWorker> {
  const folder = await mkdtemp(join(tmpdir(), "corkboard-cold-"));
  const { modules } = await workerModules(url, [modelModule]);
  const all = [...modules, { type: "Data", path: "/model.bin", contents: model }];
  const lines: string[] = [];
  for (const { type, path, contents } of all) {
    const name = path.slice(1);
    await writeFile(join(folder, name), contents as string | Uint8Array);
    lines.push(`(name = "${name}", ${TYPES[type]} = embed "${name}")`);
  }
  const config = join(folder, "config.capnp");
  await writeFile(
    config,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [${lines.join(", ")}], compatibilityDate = "${COMPATIBILITY_DATE}"))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`,
  );
  return {
    start: () => startOnce(config, pixels),
    close: () => rm(folder, { recursive: true }),
  };
}

async function startOnce(config: string, pixels: Uint8Array): Promise<ColdStart> {
  const start = performance.now();
  const workerd = spawn(WORKERD, ["serve", config, "--control-fd=3"], {
    stdio: ["ignore", "ignore", "inherit", "pipe"],
  });
  try {
    const port = await listening(workerd.stdio[3] as Readable);
    const ready = performance.now();
    const asked = request({ host: "127.0.0.1", port, method: "POST", agent: false });
    asked.end(pixels);
    const [response] = await once(asked, "response");
    const bytes = new Uint8Array(await buffer(response));
    const end = performance.now();
    if (response.statusCode !== 200) throw new Error(new TextDecoder().decode(bytes));
    return {
      readyMs: ready - start,
      firstMs: end - ready,
      heapBytes: Number(response.headers["heap-bytes"]),
      output: new Float32Array(bytes.buffer),
    };
  } finally {
    workerd.kill();
    await once(workerd, "exit");
  }
}

/** Port of the first socket that workerd reports. */
async function listening(control: Readable): Promise<number> {
  for await (const line of createInterface({ input: control })) {
    const { event, port } = JSON.parse(line) as { event: string; port?: number };
    if (event === "listen" && port !== undefined) return port;
  }
  throw new Error("workerd ended before it listened");
}
