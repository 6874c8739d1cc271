import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ModelSourceError } from "../../src/cli/model-source.ts";
import { addModel, ModelExistsError } from "../../src/cli/models-add.ts";
import { sealModel } from "../../src/cli/models-seal.ts";
import { filesOf } from "../../src/runtime/manifest.ts";
import { encoder } from "../runtime/fixtures/index.ts";

let root: string;
let server: Server | undefined;
const inRoot = (...parts: string[]) => join(root, ...parts);
const models = () => inRoot("models");

/** What somebody writes who has an encoder: no checksums, no revision. */
const draft = {
  name: "my-encoder",
  task: "image-embedding",
  description: "A small encoder.",
  license: "Apache-2.0",
  source: "https://example.com/my-encoder",
  input: { name: "pixels", datatype: "FP32", shape: [-1, 3, 32, 32] },
  preprocess: {
    width: 32,
    height: 32,
    fit: "cover",
    background: [255, 255, 255],
    layout: "NCHW",
    normalize: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
  },
  output: { name: "features", datatype: "FP32", shape: [-1, 16], dimensions: 16, normalized: true },
  files: { fp32: { path: "my-encoder.onnx" } },
};

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "corkboard-"));
  await writeFile(inRoot("my-encoder.onnx"), encoder.bytes);
});
afterEach(async () => {
  server?.close();
  server = undefined;
  await rm(root, { recursive: true });
});

/** Writes a manifest made of the draft and `changes`, sealed. */
async function manifest(changes: object = {}): Promise<string> {
  const path = inRoot("manifest.json");
  await writeFile(path, JSON.stringify({ ...draft, ...changes }));
  await sealModel(path);
  return path;
}

async function edit(path: string, change: (manifest: typeof draft) => unknown): Promise<string> {
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, "utf8")))));
  return path;
}

async function serve(folder: string): Promise<string> {
  const started = createServer(async (request, response) => {
    const bytes = await readFile(join(folder, basename(request.url!))).catch(() => undefined);
    if (bytes) response.end(bytes);
    else response.writeHead(404).end();
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

describe("corkboard models add", () => {
  it("adds somebody's encoder from a sealed draft", async () => {
    const added = await addModel(await manifest(), { folder: models() });
    expect(added).toMatchObject({
      written: true,
      folder: join(models(), "my-encoder"),
      agreement: { fp32: 1 },
    });
    expect((await readdir(added.folder)).sort()).toEqual(["manifest.json", "my-encoder.onnx"]);
    expect(JSON.parse(await readFile(join(added.folder, "manifest.json"), "utf8"))).toEqual(added.manifest);
    expect(await readdir(models())).toEqual(["my-encoder"]);
  });

  it("downloads a model from an address, reporting how far it is", async () => {
    await manifest();
    const lines: string[] = [];
    const address = await serve(root);
    await addModel(`${address}/manifest.json`, { folder: models(), report: (line) => lines.push(line) });
    expect((await readFile(join(models(), "my-encoder", "my-encoder.onnx"))).equals(encoder.bytes)).toBe(
      true,
    );
    expect(lines.some((line) => line.includes("100 %"))).toBe(true);
  });

  it("only checks on a dry run", async () => {
    const { written } = await addModel(await manifest(), { folder: models(), dryRun: true });
    expect(written).toBe(false);
    await expect(readdir(models())).rejects.toThrow("ENOENT");
  });

  it("replaces another revision only by force, and keeps the model card", async () => {
    const first = await addModel(await manifest(), { folder: models() });
    await writeFile(join(first.folder, "README.md"), "# My encoder\n");
    const again = await addModel(await manifest(), { folder: models() });
    expect(again.manifest.revision).toBe(first.manifest.revision);

    await writeFile(inRoot("other.onnx"), encoder.bytes);
    const files = { fp32: { path: "other.onnx" } };
    const changed = await manifest({ files, preprocess: { ...draft.preprocess, fit: "contain" } });
    await expect(addModel(changed, { folder: models() })).rejects.toThrow(ModelExistsError);
    await addModel(changed, { folder: models(), force: true });
    expect((await readdir(first.folder)).sort()).toEqual(["README.md", "manifest.json", "other.onnx"]);
    expect(await readdir(models())).toEqual(["my-encoder"]);
  });

  it.each<[string, object, string]>([
    [
      "an input that preprocessing does not make",
      { preprocess: { ...draft.preprocess, layout: "NHWC" } },
      "input.shape",
    ],
    [
      "a data type that preprocessing does not make",
      { input: { ...draft.input, datatype: "UINT8" } },
      "input.datatype",
    ],
    ["a length other than the output's", { output: { ...draft.output, dimensions: 8 } }, "output.dimensions"],
    ["a prefix as long as the whole", { output: { ...draft.output, prefixes: [16] } }, "output.prefixes"],
    [
      "an output that the model does not have",
      { output: { ...draft.output, name: "embedding" } },
      '"embedding"',
    ],
    [
      "a shape that the model does not have",
      { output: { ...draft.output, shape: [-1, 8], dimensions: 8 } },
      "[-1,8]",
    ],
  ])("refuses %s", async (_, changes, reason) => {
    await expect(addModel(await manifest(changes), { folder: models() })).rejects.toThrow(reason);
    await expect(readdir(models())).rejects.toThrow("ENOENT");
  });

  it.each([
    ["raw", "its length is"],
    ["nothing", "no direction"],
  ])("refuses embeddings that are not what the manifest says: %s", async (name, reason) => {
    const path = await manifest({ output: { ...draft.output, name } });
    await expect(addModel(path, { folder: models() })).rejects.toThrow(reason);
  });

  it("takes vectors of any length where the manifest does not call them normalised", async () => {
    const path = await manifest({ output: { ...draft.output, name: "raw", normalized: false } });
    expect((await addModel(path, { folder: models() })).written).toBe(true);
  });

  it("refuses a file that differs from its checksum or its size", async () => {
    const path = await manifest();
    const damaged = Uint8Array.from(encoder.bytes);
    damaged[5000]! ^= 1;
    await writeFile(inRoot("my-encoder.onnx"), damaged);
    await expect(addModel(path, { folder: models() })).rejects.toThrow("sha256");
    await writeFile(inRoot("my-encoder.onnx"), new Uint8Array(encoder.bytes.byteLength + 1));
    await expect(addModel(path, { folder: models() })).rejects.toThrow("more than");
    await writeFile(inRoot("my-encoder.onnx"), encoder.bytes.subarray(1));
    await expect(addModel(path, { folder: models() })).rejects.toThrow("bytes, the manifest says");
  });

  it("refuses a revision that the contents do not make, and unknown or missing members", async () => {
    const wrong = await edit(await manifest(), (sealed) => ({ ...sealed, revision: "0123456789ab" }));
    await expect(addModel(wrong, { folder: models() })).rejects.toThrow("the contents make it");
    const unknown = await edit(await manifest(), (sealed) => ({
      ...sealed,
      colour: "red",
      license: undefined,
    }));
    await expect(addModel(unknown, { folder: models() })).rejects.toThrow(
      /license[\s\S]*colour|colour[\s\S]*license/,
    );
    await writeFile(inRoot("manifest.json"), "{");
    await expect(addModel(inRoot("manifest.json"), { folder: models() })).rejects.toThrow("not JSON");
  });

  it("does not write outside the model's folder", async () => {
    const path = await edit(await manifest(), (sealed) => ({ ...sealed, name: "../evil" }));
    await expect(addModel(path, { folder: models() })).rejects.toThrow("name");
    const file = await edit(await manifest(), (sealed) => ({
      ...sealed,
      files: { fp32: { ...sealed.files.fp32, path: "../evil.onnx" } },
    }));
    await expect(addModel(file, { folder: models() })).rejects.toThrow("plain file name");
  });

  it("says what cannot be read", async () => {
    await expect(addModel(inRoot("none.json"))).rejects.toThrow(ModelSourceError);
    await expect(addModel("http://example.com/manifest.json")).rejects.toThrow("https://");
    const address = await serve(root);
    await expect(addModel(`${address}/none.json`)).rejects.toThrow("404");
  });
});

describe("corkboard models seal", () => {
  it("fills in sizes, checksums and the revision, the same each time", async () => {
    const path = await manifest();
    const first = await sealModel(path);
    expect(filesOf(first)[0]).toMatchObject({ bytes: encoder.bytes.byteLength });
    expect(await sealModel(path)).toEqual(first);
  });

  it("says what only a person can fill in", async () => {
    await expect(manifest({ license: "" })).rejects.toThrow("license");
    await expect(manifest({ files: { fp32: { path: "none.onnx" } } })).rejects.toThrow("files.fp32");
  });
});
