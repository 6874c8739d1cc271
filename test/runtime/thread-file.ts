/** A file with types as what a worker thread runs: tsx reads it. */

/** @param path relative to this folder */
export function threadFile(path: string): URL {
  const register = `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))}; register();`;
  const load = `await import(${JSON.stringify(new URL(path, import.meta.url).href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(`${register} ${load}`)}`);
}

export const NATIVE_THREAD = "../../src/runtime/threads/native-thread.ts";
