/** The engine in Chromium: the kernels leave the reference's bits, and the shipped model has Node's. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../../src/runtime/engine/compiler/compile.ts";
import { engineRuntime } from "../../../src/runtime/engine/engine-runtime.ts";
import { ImageEmbeddingManifest } from "../../../src/runtime/manifest.ts";
import { openScript, type ScriptPage } from "../../script-page.ts";
import { useBrowser } from "../../use-browser.ts";
import { CASES } from "./kernel-suite.ts";
import { waves } from "./waves.ts";

/** Random instructions of each operator, for each build. */
const COUNT = 50;
const SEED = Number(process.env.SEED ?? Date.now() % 1_000_000);
const BUILDS = ["relaxed", "simd"] as const;

const FOLDER = new URL("../../../models/unified-embedding/", import.meta.url);
const manifest = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", FOLDER), "utf8")),
);
const compiled = compile(new Uint8Array(await readFile(new URL(manifest.files.int8!.path, FOLDER))));
if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
const { plan } = compiled;

let script: ScriptPage;
useBrowser({}, async (browser) => {
  script = await openScript(browser, new URL("browser-page.ts", import.meta.url), { "/model.plan": plan });
  return () => script.close();
});

const call = (name: string, ...values: readonly unknown[]) =>
  script.page.evaluate(`${name}(${values.map((value) => JSON.stringify(value)).join()})`);

describe(`the kernels in Chromium, from seed ${SEED}`, () => {
  for (const build of BUILDS) {
    it.each(Object.keys(CASES))(`leave the reference's bits in memory (${build}): %s`, async (operator) => {
      expect(await call("differenceInKernels", build, operator, SEED, COUNT)).toBeUndefined();
    });
  }
});

describe("the shipped model in Chromium", () => {
  let wanted: number[];
  beforeAll(async () => {
    const session = await engineRuntime().load(plan, { manifest, precision: "int8" });
    const outputs = await session.run({ [manifest.input.name]: waves(manifest) });
    wanted = [...new Uint32Array(outputs[manifest.output.name]!.data.buffer)];
  });

  it.each(BUILDS)("answers Node's bits, with the %s build", async (build) => {
    expect(await call("embeddingBits", build, manifest)).toEqual(wanted);
  });

  it("runs on relaxed SIMD where nothing else is asked for", async () => {
    expect(await call("chosenBuild", manifest)).toBe("relaxed");
  });
});
