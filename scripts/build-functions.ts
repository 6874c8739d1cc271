/** Bundles the edge functions for `corkboard serve`, which runs them without wrangler. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { build } from "esbuild";
import { unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { WORKER } from "./bundle.ts";
import { FUNCTIONS } from "./functions.ts";

/** Bindings, variables and limits of a function, as its `wrangler.toml` says; paths from the repository's root. */
async function writeOptions(name: string, config: string, folder: string): Promise<string> {
  const { workerOptions, main } = workerOptionsOf(config);
  if (main === undefined) throw new Error(`${config} names no main`);
  // Modules are given by name, so that there is nothing to match.
  const { modulesRules: _, assets, ...options } = workerOptions;
  const site = assets && { ...assets, directory: relative(process.cwd(), assets.directory) };
  const text = JSON.stringify({ name, ...options, ...(site && { assets: site }) }, null, 2);
  await writeFile(join(folder, "options.json"), `${text}\n`);
  return main;
}

/** Writes `dist/functions/<name>/index.js`, its WebAssembly, and `options.json`. */
export async function buildFunctions(target = "dist/functions"): Promise<void> {
  for (const { name, config } of FUNCTIONS) {
    const folder = join(target, name);
    await mkdir(folder, { recursive: true });
    const main = await writeOptions(name, config, folder);
    await build({ ...WORKER, entryPoints: [main], outfile: join(folder, "index.js") });
  }
}
