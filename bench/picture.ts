/** JPEG → embedding, stage by stage and whole: the edge functions against sharp and onnxruntime in Node. */
import { readFile } from "node:fs/promises";
import { Miniflare } from "miniflare";
import sharp from "sharp";
import { decodePicture } from "../src/media/decode.ts";
import { toTensor } from "../src/media/tensor.ts";
import { compile } from "../src/runtime/engine/compiler/compile.ts";
import { ImageEmbeddingManifest } from "../src/runtime/manifest.ts";
import { nativeRuntime } from "../src/runtime/native-runtime.ts";
import type { Session } from "../src/runtime/session.ts";
import type { Tensor } from "../src/runtime/tensor.ts";
import { eventually, startDevServer } from "../test/api/dev-server.ts";
import type { Bench, Case, Contender } from "./bench.ts";
import { openEngine } from "./engine/open-engine.ts";
import { COMPATIBILITY_DATE, workerModules } from "./workerd/worker-modules.ts";

const MODEL = new URL("../models/unified-embedding/", import.meta.url);
const SIDE = 1000;
const OURS = "Corkboard in workerd";
const PEER = "sharp, onnxruntime-node (one thread)";

export const bench: Bench = {
  title: `${SIDE}×${SIDE} JPEG to embedding, by stage`,
  unit: "ms",
  ours: OURS,
  async cases() {
    // libvips would use every core; the edge has one.
    sharp.concurrency(1);
    sharp.cache(false);
    const jpeg = await photograph();
    const manifest = ImageEmbeddingManifest.parse(
      JSON.parse(await readFile(new URL("manifest.json", MODEL), "utf8")),
    );
    return [
      decodeCase(jpeg, manifest),
      resizeCase(jpeg, manifest),
      inferCase(jpeg, manifest),
      requestCase(jpeg, manifest),
    ];
  },
};

/** Something as busy as a photograph: soft shapes under film grain, the same on every run. */
async function photograph(): Promise<Uint8Array> {
  const pixels = Buffer.alloc(SIDE * SIDE * 3);
  let seed = 1;
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const shape = 96 * Math.sin(x / 47 + Math.cos(y / 31)) * Math.cos(y / 53);
      for (let channel = 0; channel < 3; channel++, at++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        pixels[at] = Math.min(255, Math.max(0, 120 + shape + 20 * channel + ((seed >>> 24) - 128) / 8));
      }
    }
  }
  const raw = { width: SIDE, height: SIDE, channels: 3 } as const;
  return sharp(pixels, { raw }).jpeg({ quality: 85 }).toBuffer();
}

function decodeCase(jpeg: Uint8Array, manifest: ImageEmbeddingManifest): Case {
  return {
    name: "decode",
    subjects: {
      [OURS]: () => stageInWorkerd("/decode", jpeg, manifest),
      "Corkboard in Node": () => timed(() => decodePicture(jpeg)),
      [PEER]: () => timed(() => sharp(jpeg).raw().toBuffer()),
    },
  };
}

function resizeCase(jpeg: Uint8Array, { preprocess, ...manifest }: ImageEmbeddingManifest): Case {
  return {
    name: `resize to ${preprocess.width}×${preprocess.height}`,
    subjects: {
      [OURS]: () => stageInWorkerd("/resize", jpeg, { preprocess, ...manifest }),
      "Corkboard in Node": async () => {
        const picture = await decodePicture(jpeg);
        return timed(async () => toTensor(picture, preprocess));
      },
      [PEER]: async () => {
        const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
        const raw = { width: info.width, height: info.height, channels: 3 } as const;
        return timed(() => resized(sharp(data, { raw }), preprocess).raw().toBuffer());
      },
    },
  };
}

function inferCase(jpeg: Uint8Array, manifest: ImageEmbeddingManifest): Case {
  const tensor = async () => toTensor(await decodePicture(jpeg), manifest.preprocess);
  return {
    name: "infer (int8)",
    subjects: {
      [OURS]: async () => {
        const compiled = compile(await modelBytes(manifest));
        if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
        const model = await openEngine(compiled.plan, (await tensor()).data as Uint8Array);
        await model.time(10);
        return { measure: () => model.time(20), close: model.close };
      },
      [PEER]: async () => {
        const session = await nativeSession(manifest);
        const inputs = { [manifest.input.name]: await tensor() };
        return { ...(await timed(() => session.run(inputs))), close: () => session.dispose() };
      },
    },
  };
}

/** Over HTTP through both functions, every picture new to the caches, against one call in Node. */
function requestCase(jpeg: Uint8Array, manifest: ImageEmbeddingManifest): Case {
  return {
    name: "all: HTTP request, not cached",
    subjects: {
      [OURS]: async () => {
        const server = await startDevServer();
        let count = 0;
        const embed = async () => {
          // Bytes after the end of a JPEG change its hash and nothing else.
          const body = Buffer.concat([jpeg, Buffer.from(String(count++))]);
          const headers = { "content-type": "image/jpeg" };
          const response = await server.fetch("/v1/embeddings", { method: "POST", body, headers });
          if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
          await response.arrayBuffer();
        };
        await eventually(embed);
        return { ...(await timed(embed)), close: server.stop };
      },
      [PEER]: async () => {
        const session = await nativeSession(manifest);
        const { width, height } = manifest.preprocess;
        const embed = async () => {
          const data = new Uint8Array(await resized(sharp(jpeg), manifest.preprocess).raw().toBuffer());
          const image: Tensor = { datatype: "UINT8", shape: [1, height, width, 3], data };
          await session.run({ [manifest.input.name]: image });
        };
        return { ...(await timed(embed)), close: () => session.dispose() };
      },
    },
  };
}

const resized = (picture: sharp.Sharp, { width, height }: { width: number; height: number }) =>
  picture.resize(width, height, { fit: "fill", kernel: "linear", fastShrinkOnLoad: false });

const modelBytes = async (manifest: ImageEmbeddingManifest) =>
  new Uint8Array(await readFile(new URL(manifest.files.int8!.path, MODEL)));

async function nativeSession(manifest: ImageEmbeddingManifest): Promise<Session> {
  const runtime = nativeRuntime({ provider: "cpu", threads: 1 });
  return runtime.load(await modelBytes(manifest), { manifest, precision: "int8" });
}

/** Times `work` in this process, after a warm-up. */
async function timed(work: () => Promise<unknown>, repeats = 5): Promise<Contender> {
  const measure = async () => {
    const start = performance.now();
    for (let left = repeats; left > 0; left--) await work();
    return (performance.now() - start) / repeats;
  };
  await measure();
  return { measure };
}

/** Times a stage in a workerd of its own: a request that repeats it against the same request without it. */
async function stageInWorkerd(
  path: string,
  jpeg: Uint8Array,
  manifest: ImageEmbeddingManifest,
): Promise<Contender> {
  const modules = await workerModules(new URL("workerd/picture-worker.ts", import.meta.url));
  const workerd = new Miniflare({ compatibilityDate: COMPATIBILITY_DATE, ...modules });
  const preprocess = encodeURIComponent(JSON.stringify(manifest.preprocess));
  const request = async (k: number) => {
    const start = performance.now();
    const url = `http://workerd${path}?k=${k}&preprocess=${preprocess}`;
    const response = await workerd.dispatchFetch(url, { method: "POST", body: jpeg });
    if (!response.ok) throw new Error(await response.text());
    return performance.now() - start;
  };
  const repeats = 8;
  const measure = async () => ((await request(repeats)) - (await request(0))) / repeats;
  await measure();
  return { measure, close: () => workerd.dispose() };
}
