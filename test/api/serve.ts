/** `corkboard serve` as a process of its own, that tests start, stop and kill. `npm run build` must have run. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "../..");
export const CLI = join(ROOT, "dist/cli/corkboard.js");

const START_TIMEOUT_MS = 90_000;

export interface Serve {
  /** Without a slash at the end. */
  readonly origin: string;
  readonly storage: string;
  /** What it wrote to standard output: a line of JSON for each request. */
  readonly log: () => string;
  /** Asks it to end; answers its exit code. */
  stop(): Promise<number | null>;
  /** `kill -9` of the process and of all that it has started. */
  kill(): Promise<void>;
}

export async function temporaryFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "corkboard-test-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** @throws with what it said when it ends instead of starting */
export function startServe(storage: string, ...options: string[]): Promise<Serve> {
  return startServeOf(CLI, storage, ...options);
}

/** The same of another installation, by its command line's file. */
export async function startServeOf(cli: string, storage: string, ...options: string[]): Promise<Serve> {
  const args = [cli, "serve", "--port", "0", "--storage", storage, ...options];
  // A group of its own, which can be killed as a whole.
  const child = spawn(process.execPath, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stdout.on("data", (data) => {
    log += data;
  });
  const ended = new Promise<number | null>((done) => child.once("exit", done));
  const killAll = () => process.kill(-child.pid!, "SIGKILL");
  const origin = await originOf(child).catch((error) => {
    if (child.exitCode === null) killAll();
    throw error;
  });
  return {
    origin,
    storage,
    log: () => log,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
    async kill() {
      killAll();
      await ended;
    },
  };
}

function originOf(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let said = "";
    const timer = setTimeout(() => failed(new Error(`it did not start: ${said}`)), START_TIMEOUT_MS);
    child.stderr!.on("data", (data) => {
      said += data;
      const [, origin] = /Corkboard is at (http:\/\/\S+)/.exec(said) ?? [];
      if (!origin) return;
      clearTimeout(timer);
      found(origin);
    });
    child.once("exit", (code) => {
      clearTimeout(timer);
      failed(new Error(`it ended with ${code}: ${said}`));
    });
  });
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command of the command line to its end. */
export function corkboard(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.once("exit", (code) => done({ code, stdout, stderr }));
  });
}
