/** Bundles the origin for Node, with the files that its threads run beside it; packages stay outside. */
import { build } from "esbuild";
import { COMMAND } from "./bundle.ts";

export async function buildOrigin(): Promise<void> {
  await build({
    ...COMMAND,
    entryPoints: {
      origin: "functions/origin/index.ts",
      "native-thread": "src/runtime/threads/native-thread.ts",
      "cascade-thread": "src/feed/cascade-thread.ts",
    },
    outdir: "dist/origin",
  });
}
