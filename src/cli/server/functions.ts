/** The built edge functions, as Miniflare takes them. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorkerOptions } from "miniflare";
import { Problem } from "../../problem.ts";
import { ROOT } from "../root.ts";

/** The API comes first: the first function gets the requests. */
const NAMES = ["corkboard", "corkboard-model-host"] as const;

const FUNCTIONS = join(ROOT, "dist/functions");

/** `npm run build` has not run. */
export class NotBuiltError extends Problem {
  constructor(cause: unknown) {
    super({
      status: 500,
      code: "not-built",
      title: "The functions are not built",
      detail: `There are no built functions in ${FUNCTIONS}.`,
      hint: "Run `npm run build`.",
      cause,
    });
  }
}

/** @param bindings variables of the API, in place of those in `wrangler.toml` */
export async function loadFunctions(bindings: Readonly<Record<string, string>>): Promise<WorkerOptions[]> {
  try {
    return await Promise.all(NAMES.map((name) => load(name, name === "corkboard" ? bindings : {})));
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ENOENT" ? new NotBuiltError(error) : error;
  }
}

interface BuiltOptions {
  readonly name: string;
  readonly bindings: Readonly<Record<string, string>>;
  readonly assets: { readonly directory: string };
}

async function load(name: string, bindings: Readonly<Record<string, string>>): Promise<WorkerOptions> {
  const folder = join(FUNCTIONS, name);
  const options = JSON.parse(await readFile(join(folder, "options.json"), "utf8")) as BuiltOptions;
  const wasm = (await readdir(folder)).filter((file) => file.endsWith(".wasm"));
  return {
    ...options,
    bindings: { ...options.bindings, ...bindings },
    assets: { ...options.assets, directory: join(ROOT, options.assets.directory) },
    modulesRoot: folder,
    modules: [
      { type: "ESModule", path: join(folder, "index.js") },
      ...wasm.map((file) => ({ type: "CompiledWasm" as const, path: join(folder, file) })),
    ],
  };
}
