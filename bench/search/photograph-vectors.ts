/** Embeddings of real photographs by the shipped model, computed once and kept. */
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { extract } from "tar-stream";
import { decodePicture } from "../../src/media/decode.ts";
import { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import { ImageEmbedder } from "../../src/vision/unified-embedding.ts";

const MODEL = new URL("../../models/unified-embedding/", import.meta.url);
const KEPT = new URL("../../.wrangler/bench/", import.meta.url);
const DATA = process.env.CORKBOARD_DATA ?? "../shared/data";
const PICTURE = /\.(jpe?g|png|webp)$/i;

/** Pictures of all sets under `CORKBOARD_DATA/images`; every second, which is enough and halves the time. */
async function* pictures(): AsyncGenerator<Buffer> {
  const images = join(DATA, "images");
  let count = 0;
  for (const set of (await readdir(images)).sort()) {
    for (const file of (await readdir(join(images, set)))
      .filter((name) => /^part-.*\.tar$/.test(name))
      .sort()) {
      const entries = createReadStream(join(images, set, file)).pipe(extract());
      for await (const entry of entries) {
        if (entry.header.type === "file" && PICTURE.test(entry.header.name) && count++ % 2 === 0) {
          const parts: Buffer[] = [];
          for await (const part of entry) parts.push(part as Buffer);
          yield Buffer.concat(parts);
        } else {
          entry.resume();
        }
      }
    }
  }
}

/** n×256 unit vectors in a fixed shuffled order, or nothing where there is no data. */
export async function photographVectors(): Promise<Float32Array<ArrayBuffer> | undefined> {
  const manifest = ImageEmbeddingManifest.parse(
    JSON.parse(await readFile(new URL("manifest.json", MODEL), "utf8")),
  );
  const kept = new URL(`photographs-${manifest.revision}.f32`, KEPT);
  const bytes = await readFile(kept).catch(() => undefined);
  if (bytes) return new Float32Array(new Uint8Array(bytes).buffer);
  const found = await readdir(join(DATA, "images")).catch(() => undefined);
  if (!found) return undefined;
  const file = new Uint8Array(await readFile(new URL(manifest.files.int8!.path, MODEL)));
  const session = await nativeRuntime({ provider: "cpu", threads: 1 }).load(file, {
    manifest,
    precision: "int8",
  });
  const embedder = new ImageEmbedder(manifest, { infer: (_, inputs) => session.run(inputs) });
  const rows: Float32Array[] = [];
  for await (const picture of pictures()) {
    const decoded = await decodePicture(new Uint8Array(picture)).catch(() => undefined);
    if (!decoded) continue;
    const [embedding] = await embedder.embed([embedder.tensorOf(decoded)]);
    rows.push(embedding!);
    if (rows.length % 500 === 0) console.error(`${rows.length} photographs embedded`);
  }
  const vectors = new Float32Array(rows.length * 256);
  // A step that shares no factor with the length visits every row once, and takes neighbours apart.
  let step = Math.floor(rows.length * 0.618);
  while (gcd(step, rows.length) > 1) step++;
  for (let at = 0; at < rows.length; at++) vectors.set(rows[(at * step) % rows.length]!, at * 256);
  await mkdir(KEPT, { recursive: true });
  await writeFile(kept, new Uint8Array(vectors.buffer));
  return vectors;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
