/** Bundles the command line for Node; packages stay outside the bundle. */
import { chmod } from "node:fs/promises";
import { build } from "esbuild";

export async function buildCli(): Promise<void> {
  const outfile = "dist/cli/corkboard.js";
  await build({
    entryPoints: ["src/cli/corkboard.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
  await chmod(outfile, 0o755);
}
