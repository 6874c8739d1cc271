/** A page that runs a script of this repository, bundled as the site is, with the files that engines fetch. */
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { BROWSER } from "../scripts/bundle.ts";

/** What the site serves of onnxruntime-web, at the addresses that the runtimes look at by default. */
const ONNXRUNTIME_FILES = ["ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.jspi.wasm"];

const TYPES: Readonly<Record<string, string>> = { ".js": "text/javascript", ".wasm": "application/wasm" };

type Contents = Uint8Array | (() => Promise<Uint8Array>);

export interface ScriptPage {
  readonly page: Page;
  close(): Promise<void>;
}

/**
 * Opens the page and waits until the script has run.
 * @param entry The script: a TypeScript file.
 * @param files More files to serve, by their path.
 */
export async function openScript(
  browser: Browser,
  entry: URL,
  files: Readonly<Record<string, Uint8Array>> = {},
): Promise<ScriptPage> {
  const served = new Map<string, Contents>([...Object.entries(files), ...(await bundled(entry))]);
  const { resolve } = createRequire(import.meta.url);
  for (const name of ONNXRUNTIME_FILES) {
    served.set(`/assets/${name}`, () => readFile(resolve(`onnxruntime-web/${name}`)));
  }
  const server = await serve(served);
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.waitForFunction("document.documentElement.dataset.ready");
  return {
    page,
    async close() {
      await page.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

async function bundled(entry: URL): Promise<[path: string, contents: Uint8Array][]> {
  const { outputFiles } = await build({
    ...BROWSER,
    entryPoints: { script: fileURLToPath(entry) },
    outdir: "/assets",
    write: false,
    sourcemap: false,
    logLevel: "error",
  });
  return outputFiles.map(({ path, contents }) => [path, contents]);
}

/** The last line sets the sign that {@link openScript} waits for: module scripts run in order. */
const DOCUMENT = `<!doctype html><title>script</title>
<script type="module" src="/assets/script.js"></script>
<script type="module">document.documentElement.dataset.ready = "yes"</script>`;

async function serve(files: ReadonlyMap<string, Contents>): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    const contents = files.get(path);
    if (path === "/") response.writeHead(200, { "content-type": "text/html" }).end(DOCUMENT);
    else if (contents === undefined) response.writeHead(404).end();
    else {
      const body = typeof contents === "function" ? await contents() : contents;
      const type = TYPES[extname(path)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type }).end(body);
    }
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}
