/** A host of several revisions of one model. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ModelNotFoundError } from "../../src/inference/errors.ts";
import { pinnedName } from "../../src/runtime/manifest.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";
import { encoderImage, quantisedEncoder } from "../runtime/fixtures/index.ts";
import { MODES, type ModelHost, pathOf, published, startModelHost } from "./start.ts";

const image: Tensor = { datatype: "UINT8", shape: [1, 32, 32, 3], data: encoderImage() };
const { manifest: draft } = quantisedEncoder.options;
const current = await published(draft, "encoder", quantisedEncoder.bytes);
const older = await published(
  { ...draft, preprocess: { ...draft.preprocess, background: [1, 2, 3] } },
  "encoder",
  quantisedEncoder.bytes,
);

describe.each(MODES)("two revisions of a model %s", (_, mode) => {
  let host: ModelHost;
  beforeAll(async () => {
    host = await startModelHost(mode, [current, older]);
  });
  afterAll(() => host.stop());

  const revisionOf = async (reference: string) =>
    (await host.client.metadata(reference)).parameters?.revision;
  const reads = ({ manifest }: typeof current) =>
    host.assets.reads.filter((path) => path === pathOf(manifest, mode.engine === "engine" ? "plan" : "onnx"));

  it("are listed, the current one first, which answers to the name alone", async () => {
    const { revision } = current.manifest;
    expect(revision).not.toBe(older.manifest.revision);
    expect((await host.client.metadata("encoder")).versions).toEqual([revision, older.manifest.revision]);
    expect(await revisionOf("encoder")).toBe(revision);
    expect(await revisionOf(pinnedName(older.manifest))).toBe(older.manifest.revision);
  });

  it("are loaded side by side, each from its own file", async () => {
    await host.client.infer(pinnedName(older.manifest), { image });
    expect([reads(older).length, reads(current).length]).toEqual([1, 0]);
    await host.client.infer("encoder", { image });
    await host.client.infer(pinnedName(older.manifest), { image });
    expect([reads(older).length, reads(current).length]).toEqual([1, 1]);
  });

  it("are all there are", async () => {
    await expect(host.client.infer("encoder@000000000000", { image })).rejects.toThrow(ModelNotFoundError);
  });
});
