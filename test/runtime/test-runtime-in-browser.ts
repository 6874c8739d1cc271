/** Runs the engine contract in a real browser, driven by Vitest in Node. */
import { readFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type BrowserOptions, launchBrowser, NoBrowserError } from "../browser.ts";
import { contract } from "./contract.ts";

/** What a page serves of onnxruntime-web, at the addresses that the engines look at by default. */
const WASM_FILES = ["ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.jspi.wasm"];

/** Skips the cases where there is no browser, saying why. */
export function testRuntimeInBrowser(engine: "wasm" | "webgpu", options: BrowserOptions): void {
  let browser: Browser | undefined;
  let server: Server | undefined;
  let page: Page;
  let reason = "";

  beforeAll(async () => {
    browser = await launchBrowser(options).catch((error) => {
      if (!(error instanceof NoBrowserError)) throw error;
      reason = error.message;
      return undefined;
    });
    if (browser === undefined) return;
    server = await serve();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction("'runContractCase' in globalThis");
  });
  beforeEach((context) => context.skip(browser === undefined, reason));
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  describe(`the ${engine} engine in a browser`, () => {
    for (const { title } of contract) {
      it(title, async () => {
        const failure = await page.evaluate(
          `runContractCase(${JSON.stringify(engine)}, ${JSON.stringify(title)})`,
        );
        expect(failure).toBeUndefined();
      });
    }
  });
}

async function serve(): Promise<Server> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("browser-page.ts", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    conditions: ["browser"],
    logLevel: "error",
  });
  const script = bundle.outputFiles[0]!.text;
  const { resolve } = createRequire(import.meta.url);
  const server = createServer(async (request, response) => {
    const name = request.url!.slice("/assets/".length);
    if (request.url === "/") html(response, '<script type="module" src="/page.js"></script>');
    else if (request.url === "/page.js")
      response.writeHead(200, { "content-type": "text/javascript" }).end(script);
    else if (WASM_FILES.includes(name)) {
      const wasm = await readFile(resolve(`onnxruntime-web/${name}`));
      response.writeHead(200, { "content-type": "application/wasm" }).end(wasm);
    } else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

function html(response: ServerResponse, body: string): void {
  response
    .writeHead(200, { "content-type": "text/html" })
    .end(`<!doctype html><title>contract</title>${body}`);
}
