/** The shipped ranker in the model host, where the feed asks for it. */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FEED_ACTIONS } from "../../src/feed/actions.ts";
import { FEATURES, rankAtEdge } from "../../src/feed/edge-ranker.ts";
import { ModelNotFoundError } from "../../src/inference/errors.ts";
import { pinnedName, RankingManifest } from "../../src/runtime/manifest.ts";
import { type ModelHost, ON_ENGINE, startModelHost } from "./start.ts";

const FOLDER = new URL("../../models/feed-ranker/", import.meta.url);
const manifest = RankingManifest.parse(JSON.parse(await readFile(new URL("manifest.json", FOLDER), "utf8")));
const { path } = manifest.files.fp32!;
const parity = JSON.parse(await readFile(new URL("results/parity.json", FOLDER), "utf8")) as {
  features: number[][];
  probabilities: number[][];
};

let host: ModelHost;
beforeAll(async () => {
  host = await startModelHost(ON_ENGINE, []);
  const { files } = host.assets;
  files.set("/models/registry.json", JSON.stringify([manifest]));
  files.set(`/models/${manifest.name}/${manifest.revision}/${path}`, await readFile(new URL(path, FOLDER)));
});
afterAll(() => host.stop());

it("answers over the Open Inference Protocol what training stored", async () => {
  const features = Float32Array.from(parity.features.flat());
  const count = parity.features.length;
  const found = await rankAtEdge(host.client, { reference: pinnedName(manifest) }, features, count);
  expect(found).toHaveLength(count * FEED_ACTIONS.length);
  for (const [at, expected] of parity.probabilities.flat().entries()) {
    expect(Math.abs(found[at]! - expected)).toBeLessThan(1e-5);
  }
  expect(await host.client.metadata(manifest.name)).toMatchObject({
    inputs: [{ name: "features", datatype: "FP32", shape: [-1, FEATURES.length] }],
    outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, FEED_ACTIONS.length] }],
    parameters: { engine: "wasm", precision: "fp32" },
  });
});

it("does not answer for another revision", async () => {
  const features = new Float32Array(FEATURES.length);
  const other = { reference: `${manifest.name}@000000000000` };
  await expect(rankAtEdge(host.client, other, features, 1)).rejects.toThrow(ModelNotFoundError);
});
