/** Where a model comes from: a manifest on this machine or on the web, and the files beside it. */
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../problem.ts";
import { reasonOf } from "../runtime/errors.ts";

/** Longest manifest; real ones have 2 KB. */
const MAX_MANIFEST_BYTES = 256 * 1024;
/** Longest model file. Beyond it, neither a Worker nor a visitor's browser could load the model anyhow. */
export const MAX_MODEL_FILE_BYTES = 1024 * 1024 * 1024;
/** A download that sends nothing for so long is given up. */
const SILENCE_MS = 30_000;

export interface ModelSource {
  /** The path or address of the manifest. */
  readonly location: string;
  readManifest(): Promise<string>;
  /**
   * A file beside the manifest.
   * @param bytes How long it must be; reading stops when it turns out to be longer.
   * @param onBytes Told how many bytes have arrived.
   */
  readFile(name: string, bytes: number, onBytes?: (total: number) => void): Promise<Uint8Array>;
}

/** The manifest or one of its files cannot be read. */
export class ModelSourceError extends Problem {
  constructor(location: string, reason: string, cause?: unknown) {
    super({
      status: 502,
      code: "model-source-unreadable",
      title: "Model source cannot be read",
      detail: `${location}: ${reason}`,
      hint: "Give the path or the https address of a manifest.json; its files are looked for beside it.",
      cause,
    });
  }
}

/** @param location A path, or an https address (http only on this machine). */
export function modelSource(location: string): ModelSource {
  if (!/^[a-z]{2,}:\/\//i.test(location)) return folderSource(location);
  const url = new URL(location);
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && local)) {
    throw new ModelSourceError(location, `addresses start with https://, not ${url.protocol}//`);
  }
  return webSource(url);
}

function folderSource(location: string): ModelSource {
  const read = async (path: string, maxBytes: number) => {
    try {
      const { size } = await stat(path);
      if (size > maxBytes) throw new RangeError(`${size} bytes are more than the ${maxBytes} expected`);
      return new Uint8Array(await readFile(path));
    } catch (error) {
      throw new ModelSourceError(path, reasonOf(error), error);
    }
  };
  return {
    location,
    readManifest: async () => new TextDecoder().decode(await read(location, MAX_MANIFEST_BYTES)),
    readFile: (name, bytes) => read(join(dirname(location), name), bytes),
  };
}

function webSource(url: URL): ModelSource {
  return {
    location: url.href,
    readManifest: async () => new TextDecoder().decode(await download(url, MAX_MANIFEST_BYTES)),
    readFile: (name, bytes, onBytes) => download(new URL(name, url), bytes, onBytes),
  };
}

async function download(url: URL, maxBytes: number, onBytes?: (total: number) => void): Promise<Uint8Array> {
  const silence = new AbortController();
  const giveUp = () => silence.abort(new Error(`nothing arrived for ${SILENCE_MS / 1000} s`));
  let timer = setTimeout(giveUp, SILENCE_MS);
  try {
    const response = await fetch(url, { signal: silence.signal });
    if (!response.ok || !response.body) throw new Error(`the server answered ${response.status}`);
    const chunks: Uint8Array[] = [];
    let total = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
      total += chunk.byteLength;
      if (total > maxBytes) throw new RangeError(`it is longer than the ${maxBytes} bytes expected`);
      chunks.push(chunk);
      onBytes?.(total);
    }
    return new Uint8Array(Buffer.concat(chunks));
  } catch (error) {
    throw new ModelSourceError(url.href, reasonOf(error), error);
  } finally {
    clearTimeout(timer);
  }
}
