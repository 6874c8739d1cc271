/** Compiles WebAssembly kernels from AssemblyScript into `dist/kernels`. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import asc from "assemblyscript/asc";

const SOURCES = ["src/catalog/kernels/hamming.ts"];

/** SIMD is in every engine since 2021, workerd's included. No allocator: kernels keep their own memory layout. */
const OPTIONS = ["--optimizeLevel", "3", "--noAssert", "--runtime", "stub", "--enable", "simd"];

/**
 * Writes `target/<kernel>.wasm` for every kernel.
 * @throws when one does not compile, with asc's messages.
 */
export async function buildKernels(target = "dist/kernels"): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const source of SOURCES) {
    const output = join(target, basename(source).replace(/\.ts$/, ".wasm"));
    const { error, stderr } = await asc.main([source, "--outFile", output, ...OPTIONS], {
      readFile: (path) => readFile(path, "utf8").catch(() => null),
      writeFile: (path, contents) => writeFile(path, contents),
    });
    if (error) throw new Error(`${source}: ${error.message}\n${stderr.toString()}`);
  }
}

if (process.argv[1]?.endsWith("build-kernels.ts")) await buildKernels();
