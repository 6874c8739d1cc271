/** Builds `corkboard/client`: one module for browsers, Node and Workers, with its types. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import ts from "typescript";
import { LIBRARY } from "./bundle.ts";

const SOURCE = "src/client";

/** A client is loaded by pages: it stays small, or the build fails. */
export const MAX_CLIENT_GZIP_BYTES = 6 * 1024;

/** Writes `target/index.js` and a declaration beside it for each source file. */
export async function buildClient(target = "dist/client"): Promise<void> {
  await mkdir(target, { recursive: true });
  const outfile = join(target, "index.js");
  await build({ ...LIBRARY, entryPoints: [join(SOURCE, "index.ts")], outfile });
  const size = gzipSync(await readFile(outfile)).length;
  if (size > MAX_CLIENT_GZIP_BYTES) {
    throw new Error(`the client has ${size} bytes compressed, more than ${MAX_CLIENT_GZIP_BYTES}`);
  }
  for (const file of await readdir(SOURCE)) await writeDeclaration(file, target);
}

/** Declarations come from each file alone: exported things say their types themselves. */
async function writeDeclaration(file: string, target: string): Promise<void> {
  const { outputText, diagnostics = [] } = ts.transpileDeclaration(
    await readFile(join(SOURCE, file), "utf8"),
    {
      fileName: file,
      reportDiagnostics: true,
      compilerOptions: { target: ts.ScriptTarget.ES2022, strict: true, isolatedDeclarations: true },
    },
  );
  if (diagnostics.length > 0) {
    const [first] = diagnostics;
    throw new Error(`${join(SOURCE, file)}: ${ts.flattenDiagnosticMessageText(first!.messageText, "\n")}`);
  }
  const text = outputText.replace(/(from "\.\/[\w-]+)\.ts"/g, '$1.js"');
  await writeFile(join(target, file.replace(/\.ts$/, ".d.ts")), text);
}
