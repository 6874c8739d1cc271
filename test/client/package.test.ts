/** What others install: the built client, under its public name. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { expect, it } from "vitest";
import { MAX_CLIENT_GZIP_BYTES } from "../../scripts/build-client.ts";

const DIST = resolve(import.meta.dirname, "../../dist/client");

it("can be imported by its name, and brings nothing along", async () => {
  const name: string = "corkboard/client";
  const { Corkboard, ProblemError } = await import(name);
  expect(new Corkboard({ baseUrl: "https://cork.example" }).items).toBeDefined();
  expect(ProblemError.prototype).toBeInstanceOf(Error);
  const code = await readFile(`${DIST}/index.js`, "utf8");
  expect(code).not.toMatch(/\bimport\b\s*[({"']/);
  expect(gzipSync(code).length).toBeLessThan(MAX_CLIENT_GZIP_BYTES);
});

it("has types that stand by themselves", () => {
  const program = ts.createProgram([`${DIST}/index.d.ts`], {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
    types: [],
  });
  const said = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText, file }) => [file?.fileName, messageText]);
  expect(said).toEqual([]);
  const names = program
    .getTypeChecker()
    .getExportsOfModule(
      program.getTypeChecker().getSymbolAtLocation(program.getSourceFile(`${DIST}/index.d.ts`)!)!,
    )
    .map((symbol) => symbol.name);
  expect(names).toEqual(expect.arrayContaining(["Corkboard", "ProblemError", "BatchItem", "SearchQuery"]));
});
