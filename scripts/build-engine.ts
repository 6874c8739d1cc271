/** Compiles the engine's kernels into `dist/engine/{relaxed,simd}.wasm`: one source, with and without relaxed SIMD. */
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import asc from "assemblyscript/asc";

const KERNELS = "src/runtime/engine/kernels/engine.ts";
/** Bytes of the module after compression, the limit that the project sets itself. */
const MAX_GZIP_BYTES = 100 * 1024;
const BUILDS = { relaxed: ["simd", "relaxed-simd"], simd: ["simd"] };

/** @throws when a kernel does not compile or the module grows beyond its limit. */
export async function buildEngine(folder = "dist/engine"): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, features] of Object.entries(BUILDS)) {
    const file = join(folder, `${name}.wasm`);
    const { error, stderr } = await asc.main([
      KERNELS,
      ...["--outFile", file, "--optimizeLevel", "3", "--shrinkLevel", "0", "--converge", "--noAssert"],
      ...["--runtime", "stub", "--use", "abort="],
      ...features.flatMap((feature) => ["--enable", feature]),
    ]);
    if (error) throw new Error(`${KERNELS} (${name}): ${error.message}\n${stderr.toString()}`);
    const bytes = gzipSync(await readFile(file)).length;
    if (bytes > MAX_GZIP_BYTES) throw new Error(`${file} has ${bytes} bytes compressed`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildEngine();
