/** A catalogue in a process of its own that can be killed without warning and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Item } from "../../../src/catalog/item.ts";

export interface Acknowledged {
  readonly id: string;
  readonly ok: boolean;
  readonly version: number;
}

export class KillableCatalog {
  readonly #folder: string;
  #process: ChildProcess | undefined;
  #url = "";

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(): Promise<KillableCatalog> {
    const folder = await mkdtemp(join(tmpdir(), "corkboard-durability-"));
    await build({
      entryPoints: [fileURLToPath(new URL("worker.ts", import.meta.url))],
      outfile: join(folder, "worker.mjs"),
      bundle: true,
      format: "esm",
      target: "es2022",
      conditions: ["workerd", "worker", "browser"],
      external: ["cloudflare:workers", "/hamming.wasm"],
      logLevel: "error",
      plugins: [
        {
          name: "kernel",
          setup: ({ onResolve }) => {
            onResolve({ filter: /hamming\.wasm$/ }, () => ({ path: "/hamming.wasm", external: true }));
          },
        },
      ],
    });
    const catalog = new KillableCatalog(folder);
    await catalog.start();
    return catalog;
  }

  async start(): Promise<void> {
    const script = fileURLToPath(new URL("serve.ts", import.meta.url));
    // A process group of its own, so that workerd, which holds the storage, can be killed together with it.
    this.#process = spawn(
      process.execPath,
      ["--import", "tsx", script, join(this.#folder, "worker.mjs"), join(this.#folder, "storage")],
      { detached: true, stdio: ["ignore", "pipe", "inherit"] },
    );
    const lines = createInterface({ input: this.#process.stdout! });
    for await (const line of lines) {
      this.#url = line.trim();
      return;
    }
    throw new Error("the catalogue did not start");
  }

  /** Kills with SIGKILL; answers when nothing of it is left. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    process.kill(-child.pid, "SIGKILL");
    await gone;
  }

  /** Writes a batch; hands over what is acknowledged line by line, until the end or until the process is gone. */
  async write(lines: readonly string[], acknowledge: (line: Acknowledged) => void): Promise<void> {
    const response = await fetch(new URL("/batch", this.#url), { method: "POST", body: lines.join("\n") });
    let rest = "";
    for await (const bytes of response.body as unknown as AsyncIterable<Uint8Array>) {
      const parts = (rest + new TextDecoder().decode(bytes)).split("\n");
      rest = parts.pop()!;
      for (const line of parts) acknowledge(JSON.parse(line) as Acknowledged);
    }
  }

  async items(): Promise<Item[]> {
    const items: Item[] = [];
    let next: string | undefined;
    do {
      const response = await fetch(new URL(`/items${next ? `?cursor=${next}` : ""}`, this.#url));
      const page = (await response.json()) as { items: Item[]; next?: string };
      items.push(...page.items);
      next = page.next;
    } while (next);
    return items;
  }

  async picture(sha256: string): Promise<Uint8Array | undefined> {
    const response = await fetch(new URL(`/${sha256}`, this.#url));
    const bytes = new Uint8Array(await response.arrayBuffer());
    return response.ok ? bytes : undefined;
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
