/** Bundles the command line for Node; packages stay outside the bundle. */
import { chmod } from "node:fs/promises";
import { build } from "esbuild";
import { COMMAND } from "./bundle.ts";

export async function buildCli(): Promise<void> {
  const outfile = "dist/cli/corkboard.js";
  await build({ ...COMMAND, entryPoints: ["src/cli/corkboard.ts"], outfile });
  await chmod(outfile, 0o755);
}
