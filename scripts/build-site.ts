/**
 * Builds `dist/site`: the page, the API reference, the browser runtimes, and the models, which browsers and model
 * hosts read.
 */
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { SITE_FILES } from "../functions/api/site.ts";
import { modelFolder } from "../src/cli/model-folder.ts";
import { filesOf, type ModelManifest } from "../src/runtime/manifest.ts";
import { BROWSER } from "./bundle.ts";

const PAGE = "functions/api/page";
const SITE = "dist/site";
/** Static assets of Cloudflare Workers may have 25 MiB a file. */
const MAX_ASSET_BYTES = 25 * 1024 * 1024;
/** What onnxruntime-web loads on demand: in WebAssembly, and on WebGPU. */
const RUNTIME_FILES = ["ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.jspi.wasm"];

async function copyAsset(from: string, to: string): Promise<void> {
  const { size } = await stat(from);
  if (size > MAX_ASSET_BYTES)
    throw new Error(`${from} has ${size} bytes; an asset may have ${MAX_ASSET_BYTES}`);
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

async function copyModels(manifests: readonly ModelManifest[]): Promise<void> {
  for (const manifest of manifests) {
    const folder = join(SITE, "models", manifest.name, manifest.revision);
    for (const file of filesOf(manifest)) {
      const from = join("models", modelFolder(manifest, manifests), file.path);
      if (file.bytes > MAX_ASSET_BYTES) {
        const key = `${manifest.name}/${manifest.revision}/${file.path}`;
        console.warn(`${from} is too large for an asset: put it into the model host's bucket as ${key}`);
      } else await copyAsset(from, join(folder, file.path));
    }
  }
  await mkdir(join(SITE, "models"), { recursive: true });
  await copyFile("dist/models/registry.json", join(SITE, "models/registry.json"));
}

/** Bundles the page into `dist/site`, with the files that it loads on demand. */
export async function buildSite(manifests: readonly ModelManifest[]): Promise<void> {
  await build({
    ...BROWSER,
    entryPoints: [join(PAGE, "main.ts"), join(PAGE, "main.css")],
    outdir: join(SITE, "assets"),
    splitting: true,
    minify: true,
  });
  await copyFile(join(PAGE, "index.html"), join(SITE, "index.html"));
  if (existsSync(join(PAGE, "public"))) await cp(join(PAGE, "public"), SITE, { recursive: true });
  for (const file of RUNTIME_FILES) {
    await copyAsset(join("node_modules/onnxruntime-web/dist", file), join(SITE, "assets", file));
  }
  for (const { from, to } of SITE_FILES) await copyAsset(from, join(SITE, to));
  await copyModels(manifests);
  await writeFile(join(SITE, "_headers"), HEADERS);
}

const HEADERS = `/models/*/*
  Cache-Control: public, max-age=31536000, immutable
/assets/*
  Cache-Control: public, max-age=3600
/*
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
`;
