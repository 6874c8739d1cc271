/** How the project's code is bundled: what all bundles share, and what each platform adds. */
import type { BuildOptions } from "esbuild";

const ANYWHERE = {
  bundle: true,
  sourcemap: true,
  format: "esm",
  target: "es2022",
  logLevel: "warning",
} satisfies BuildOptions;

/** Small, yet stack traces keep the names of classes and functions. */
export const LIBRARY = { ...ANYWHERE, minify: true, keepNames: true } satisfies BuildOptions;

/** WebAssembly stays beside the bundle, as the module that the platform compiles. */
export const WORKER = {
  ...LIBRARY,
  conditions: ["workerd", "worker", "browser"],
  external: ["cloudflare:*", "node:*"],
  loader: { ".wasm": "copy" },
  assetNames: "[name]",
} satisfies BuildOptions;

/** WebAssembly becomes a file whose name holds its hash, and its import the file's address beside the bundle. */
export const BROWSER = {
  ...ANYWHERE,
  conditions: ["browser"],
  loader: { ".svg": "dataurl", ".wasm": "file" },
  assetNames: "engine/[name]-[hash]",
} satisfies BuildOptions;

/** Packages stay outside: npm installs them. */
export const COMMAND = {
  ...ANYWHERE,
  platform: "node",
  target: "node20",
  packages: "external",
} satisfies BuildOptions;
