/** The shipped detector on the engine in workerd, against onnxruntime natively on one thread. */
import { readFile } from "node:fs/promises";
import { ObjectDetectionManifest } from "../../src/runtime/manifest.ts";
import { type Bench, type Row, runCase } from "../bench.ts";
import { engine, native } from "../engine.ts";
import type { Section } from "../report.ts";

const FOLDER = new URL("../../models/shop-the-look/", import.meta.url);

/** Its manifest; `undefined` while the repository has no detector. */
export async function shippedDetector(): Promise<ObjectDetectionManifest | undefined> {
  const text = await readFile(new URL("manifest.json", FOLDER), "utf8").catch(() => undefined);
  return text === undefined ? undefined : ObjectDetectionManifest.parse(JSON.parse(text));
}

const OURS = "engine in workerd";

export const detector: Section = {
  name: "detector",
  async run(rounds): Promise<readonly Row[]> {
    const manifest = await shippedDetector();
    if (!manifest?.files.int8) {
      console.error("  left out: models/shop-the-look is not there, or has no int8 file");
      return [];
    }
    const { int8, fp32 } = manifest.files;
    const file = ({ path }: { readonly path: string }) => new URL(path, FOLDER);
    const bench: Bench = { title: "", unit: "ms", ours: OURS, cases: async () => [] };
    const { width, height } = manifest.preprocess;
    return runCase(
      {
        name: `detector: ${width} × ${height}`,
        subjects: {
          [OURS]: () => engine(file(int8)),
          "onnxruntime int8, native, one thread": () => native(file(int8)),
          ...(fp32 && { "onnxruntime fp32, native, one thread": () => native(file(fp32)) }),
        },
      },
      bench,
      rounds,
    );
  },
};
