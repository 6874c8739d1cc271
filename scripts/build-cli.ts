/** Bundles the command line for Node, and what starts workerd for it; packages stay outside the bundle. */
import { chmod, copyFile } from "node:fs/promises";
import { build } from "esbuild";
import { COMMAND } from "./bundle.ts";

export async function buildCli(): Promise<void> {
  const outfile = "dist/cli/corkboard.js";
  await build({ ...COMMAND, entryPoints: ["src/cli/corkboard.ts"], outfile });
  await chmod(outfile, 0o755);
  await build({
    ...COMMAND,
    entryPoints: ["src/cli/server/add-v8-flags.ts"],
    outfile: "dist/cli/add-v8-flags.js",
  });
  const script = "dist/cli/workerd.sh";
  await copyFile("src/cli/server/workerd.sh", script);
  await chmod(script, 0o755);
}
