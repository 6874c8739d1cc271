/**
 * `npx tsx bench/engine/browser.ts`: the shipped model in Chromium, on Corkboard's engine and on onnxruntime-web,
 * both in WebAssembly on the same page. Prints the median of rounds and the ratio.
 */
import { readFile } from "node:fs/promises";
import { compile } from "../../src/runtime/engine/compiler/compile.ts";
import { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import { launchBrowser } from "../../test/browser.ts";
import { openScript } from "../../test/script-page.ts";
import { median } from "../median.ts";
import type { BrowserTiming } from "./browser-page.ts";

const MODEL = new URL("../../models/unified-embedding/", import.meta.url);
const ROUNDS = 11;
/** Length of a measurement in milliseconds. */
const MEASURE_MS = 300;

const manifest = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", MODEL), "utf8")),
);
const onnx = new Uint8Array(await readFile(new URL(manifest.files.int8!.path, MODEL)));
const compiled = compile(onnx);
if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));

const browser = await launchBrowser();
const entry = new URL("browser-page.ts", import.meta.url);
const script = await openScript(browser, entry, { "/model.plan": compiled.plan, "/model.onnx": onnx });
const argumentsOf = [manifest, ROUNDS, MEASURE_MS].map((value) => JSON.stringify(value)).join();
const timings: BrowserTiming[] = await script.page.evaluate(`timeInPage(${argumentsOf})`);
await browser.close();
await script.close();

const slowest = timings.at(-1)!;
console.table(
  timings.map(({ subject, provider, coldMs, rounds }) => ({
    subject,
    provider,
    "cold ms": Number(coldMs.toFixed(0)),
    "median ms": Number(median(rounds).toFixed(2)),
    // The ratio of each round: what else the machine does then slows both.
    [`${slowest.subject} ÷ this`]: Number(
      median(rounds.map((ms, round) => slowest.rounds[round]! / ms)).toFixed(2),
    ),
  })),
);
