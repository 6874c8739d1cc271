/**
 * `npx tsx bench/engine/parity.ts`: what int8 on the engine costs in quality. Embeds held-out pictures by the int8
 * model on the engine (in Node, whose results are workerd's bit by bit), by the fp32 model on onnxruntime, and by the
 * int8 model there. Writes `bench/results/engine-parity.json`. Needs the data pack (CORKBOARD_DATA); some minutes.
 */
import { readFile, writeFile } from "node:fs/promises";
import { decodePicture } from "../../src/media/decode.ts";
import { compile } from "../../src/runtime/engine/compiler/compile.ts";
import { engineRuntime } from "../../src/runtime/engine/engine-runtime.ts";
import { ImageEmbeddingManifest, type Precision } from "../../src/runtime/manifest.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import type { Session } from "../../src/runtime/session.ts";
import { ImageEmbedder } from "../../src/vision/unified-embedding.ts";
import { quoteInDocuments } from "../readme.ts";
import { BENCHMARKS, type Benchmark, picturesOf, rowsOf } from "./held-out.ts";
import { type Parity, parityTable } from "./parity-table.ts";

const MODEL = new URL("../../models/unified-embedding/", import.meta.url);
const RESULT = new URL("../results/engine-parity.json", import.meta.url);
const REFERENCE = "onnxruntime fp32";
const ENGINE = "engine int8";

type Vectors = ReadonlyMap<string, Float32Array>;

const manifest = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", MODEL), "utf8")),
);

async function modelBytes(precision: Precision): Promise<Uint8Array> {
  return new Uint8Array(await readFile(new URL(manifest.files[precision]!.path, MODEL)));
}

async function engine(): Promise<Session> {
  const compiled = compile(await modelBytes("int8"));
  if ("unsupported" in compiled) throw new Error(JSON.stringify(compiled.unsupported));
  return engineRuntime().load(compiled.plan, { manifest, precision: "int8" });
}

async function native(precision: Precision): Promise<Session> {
  const bytes = await modelBytes(precision);
  return nativeRuntime({ provider: "cpu", threads: 1 }).load(bytes, { manifest, precision });
}

const embedders = Object.entries({
  [REFERENCE]: await native("fp32"),
  [ENGINE]: await engine(),
  "onnxruntime int8": await native("int8"),
}).map(([subject, session]) => {
  return { subject, embedder: new ImageEmbedder(manifest, { infer: (_, inputs) => session.run(inputs) }) };
});

/** Unit vectors of the wanted pictures, by subject and file. */
async function embed(
  set: string,
  wanted: ReadonlySet<string>,
): Promise<Map<string, Map<string, Float32Array>>> {
  const vectors = new Map(embedders.map(({ subject }) => [subject, new Map<string, Float32Array>()]));
  for await (const { file, bytes } of picturesOf(set, wanted)) {
    const picture = await decodePicture(bytes);
    for (const { subject, embedder } of embedders) {
      const [vector] = await embedder.embed([embedder.tensorOf(picture)]);
      vectors.get(subject)!.set(file, vector!);
    }
  }
  return vectors;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Percent of queries whose nearest picture has their label; those that could find nothing do not count. */
function recallAt1(benchmark: Benchmark, rows: Awaited<ReturnType<typeof rowsOf>>, vectors: Vectors) {
  const gallery = rows.filter(benchmark.gallery);
  let [found, count] = [0, 0];
  for (const query of rows.filter(benchmark.query)) {
    const others = gallery.filter((row) => benchmark.group(row) !== benchmark.group(query));
    const label = benchmark.label(query);
    if (!others.some((row) => benchmark.label(row) === label)) continue;
    const vector = vectors.get(query.file!)!;
    let [best, nearest] = [Number.NEGATIVE_INFINITY, ""];
    for (const row of others) {
      const similarity = cosine(vector, vectors.get(row.file!)!);
      if (similarity > best) [best, nearest] = [similarity, benchmark.label(row)];
    }
    count++;
    if (nearest === label) found++;
  }
  return { queries: count, recall: (100 * found) / count };
}

const rows: Parity["rows"][number][] = [];
const cosines = new Map(embedders.map(({ subject }) => [subject, [] as number[]]));
const signs = new Map(embedders.map(({ subject }) => [subject, 0]));
for (const benchmark of BENCHMARKS) {
  const pictures = await rowsOf(benchmark.set);
  const wanted = new Set(
    pictures.filter((row) => benchmark.query(row) || benchmark.gallery(row)).map(({ file }) => file!),
  );
  console.error(`${benchmark.name}: ${wanted.size} pictures`);
  const vectors = await embed(benchmark.set, wanted);
  const reference = vectors.get(REFERENCE)!;
  for (const [subject, own] of vectors) {
    const { queries, recall } = recallAt1(benchmark, pictures, own);
    rows.push({ benchmark: benchmark.name, subject, queries, recallAt1: recall });
    for (const [file, vector] of own) {
      const other = reference.get(file)!;
      cosines.get(subject)!.push(cosine(vector, other));
      const equal = vector.reduce((sum, value, i) => sum + Number(value > 0 === other[i]! > 0), 0);
      signs.set(subject, signs.get(subject)! + equal / vector.length);
    }
  }
}

const subjects = embedders.map(({ subject }) => {
  const sorted = cosines.get(subject)!.sort((a, b) => a - b);
  return {
    subject,
    pictures: sorted.length,
    cosineMean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    cosineFirstPercentile: sorted[Math.floor(sorted.length / 100)]!,
    cosineLeast: sorted[0]!,
    equalSigns: signs.get(subject)! / sorted.length,
  };
});
console.table(subjects);
console.table(rows);
const result: Parity = {
  model: `${manifest.name}@${manifest.revision}`,
  reference: REFERENCE,
  subjects,
  rows,
};
await writeFile(RESULT, `${JSON.stringify(result, null, 2)}\n`);
await quoteInDocuments("engine-parity", parityTable(result));
