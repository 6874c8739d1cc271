import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderStore } from "../../functions/origin/folder-store.ts";
import { buildModels } from "../../scripts/build-models.ts";
import { checkManifest } from "../../src/cli/model-check.ts";
import {
  InvalidManifestError,
  listAllModels,
  listModels,
  MODELS_FOLDER,
} from "../../src/cli/model-folder.ts";
import { addModel } from "../../src/cli/models-add.ts";
import { keepModel } from "../../src/cli/models-keep.ts";
import { sealModel } from "../../src/cli/models-seal.ts";
import { revisionOf } from "../../src/runtime/integrity.ts";
import { AnyManifest, filesOf, ModelManifest, SequenceRankingManifest } from "../../src/runtime/manifest.ts";

const FIXTURE = fileURLToPath(new URL("../feed/fixtures/unipinrec/", import.meta.url));

let text: string;
let folder: string;
const models = () => join(folder, "models");

beforeAll(async () => {
  text = await readFile(join(FIXTURE, "manifest.json"), "utf8");
  folder = await mkdtemp(join(tmpdir(), "corkboard-sequence-"));
  await cp(FIXTURE, join(models(), "unipinrec"), { recursive: true });
  await cp(join(MODELS_FOLDER, "pinclip-fusion"), join(models(), "pinclip-fusion"), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

type Draft = Record<string, never> & { graphs: Record<string, Record<string, unknown[]>> };
const changed = (change: (manifest: Draft) => unknown) => {
  const manifest = JSON.parse(text);
  change(manifest);
  return manifest;
};

describe("a manifest of sequence ranking", () => {
  it("is read as the exporter writes it, with the revision that the exporter gave it", async () => {
    const manifest = SequenceRankingManifest.parse(JSON.parse(text));
    expect(await revisionOf(manifest)).toBe(manifest.revision);
    expect(filesOf(manifest)).toHaveLength(7);
  });

  it("is none of a host of single inferences", () => {
    expect(ModelManifest.safeParse(JSON.parse(text)).success).toBe(false);
    expect(AnyManifest.safeParse(JSON.parse(text)).success).toBe(true);
  });

  const wrong: [string, (manifest: Draft) => unknown, string][] = [
    ["another number of layers", (m) => Object.assign(m, { layers: 3 }), "past_keys FP32 [3,-1,2,-1,8]"],
    ["a graph less", (m) => delete m.graphs.item, "graphs.item"],
    ["an input less", (m) => m.graphs.history!.inputs!.pop(), "graphs.history.inputs"],
    ["an output more", (m) => m.graphs.item!.outputs!.push(m.graphs.item!.inputs![0]), "graphs.item.outputs"],
    ["a graph without files", (m) => Object.assign(m.graphs.item!, { files: {} }), "needs a file"],
    ["a start of another length", (m) => Object.assign(m.start!, { bytes: 252 }), "must be 256"],
    ["a surface twice", (m) => Object.assign(m, { surfaces: ["", "feed", "feed"] }), "names one twice"],
    ["files outside its folder", (m) => Object.assign(m.start!, { path: "../start.bin" }), "plain file name"],
    ["a content model without a revision", (m) => Object.assign(m.content!, { model: "a" }), "name@revision"],
  ];
  it.each(wrong)("is refused with %s", async (_, change, message) => {
    const checked = checkManifest(JSON.stringify(changed(change)), "manifest.json");
    await expect(checked).rejects.toThrow(InvalidManifestError);
    await expect(checked).rejects.toThrow(message);
  });

  it("has another revision with other weights, and the same with another description", async () => {
    const revision = (change: (manifest: Draft) => unknown) =>
      revisionOf(SequenceRankingManifest.parse(changed(change)));
    const { revision: own } = JSON.parse(text);
    expect(await revision((m) => Object.assign(m, { description: "Another." }))).toBe(own);
    const other = { sha256: "0".repeat(64) };
    expect(await revision((m) => Object.assign(m.start!, other))).not.toBe(own);
    const files = (m: Draft) => m.graphs.history!.files as unknown as { fp32: object };
    expect(await revision((m) => Object.assign(files(m).fp32, other))).not.toBe(own);
  });
});

describe("a model of sequence ranking in a models folder", () => {
  const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);

  it("is left out by hosts of single inferences, and listed by who asks for all", async () => {
    expect(names(await listModels(models()))).toEqual(["pinclip-fusion"]);
    expect(names(await listAllModels(models()))).toEqual(["pinclip-fusion", "unipinrec"]);
    const hosted = await folderStore({ folder: models(), models: "*" }).list();
    expect(hosted.map(({ manifest }) => manifest.name)).toEqual(["pinclip-fusion"]);
  });

  it("is checked by the build, and no part of the registry", async () => {
    expect(names(await buildModels(models(), join(folder, "dist")))).toEqual(["pinclip-fusion"]);
    const broken = join(folder, "broken");
    await cp(FIXTURE, join(broken, "unipinrec"), { recursive: true });
    await writeFile(join(broken, "unipinrec", "unipinrec.start.bin"), new Uint8Array(256));
    await expect(buildModels(broken, join(folder, "dist"))).rejects.toThrow("the sha256 differs");
  });

  it("is added with all its files, kept beside the next, and sealed", async () => {
    const target = join(folder, "added");
    const { written, agreement } = await addModel(join(FIXTURE, "manifest.json"), { folder: target });
    expect([written, agreement]).toEqual([true, {}]);
    expect((await readdir(join(target, "unipinrec"))).sort()).toEqual((await readdir(FIXTURE)).sort());
    const { folder: kept, manifest } = await keepModel("unipinrec", target);
    expect((await readdir(kept)).sort()).toEqual((await readdir(FIXTURE)).sort());

    const path = join(target, "unipinrec", "manifest.json");
    const start = join(target, "unipinrec", "unipinrec.start.bin");
    await writeFile(start, new Uint8Array(256));
    const sealed = await sealModel(path);
    expect(sealed.revision).not.toBe(manifest.revision);
    expect(await checkManifest(await readFile(path, "utf8"), path)).toEqual(sealed);
  });

  it("is not added when a file is another one", async () => {
    const broken = join(folder, "other");
    await cp(FIXTURE, broken, { recursive: true });
    await writeFile(join(broken, "unipinrec.start.bin"), new Uint8Array(256));
    const adding = addModel(join(broken, "manifest.json"), { folder: join(folder, "none") });
    await expect(adding).rejects.toThrow("unipinrec.start.bin is");
  });
});
