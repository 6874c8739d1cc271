/** `corkboard triton export`: what it writes, and what it never overwrites. `test/triton` has Triton's own parser. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidManifestError, listModels, MODELS_FOLDER } from "../../src/cli/model-folder.ts";
import { keepModel } from "../../src/cli/models-keep.ts";
import { sealModel } from "../../src/cli/models-seal.ts";
import { MARK, modelConfig } from "../../src/cli/triton/model-config.ts";
import { exportModels, ForeignModelError } from "../../src/cli/triton/model-repository.ts";
import { EnumName, textFormat } from "../../src/cli/triton/text-format.ts";
import { FEED_ACTIONS } from "../../src/feed/actions.ts";
import { FEATURES } from "../../src/feed/features.ts";
import { integerVersion } from "../../src/inference/integer-version.ts";
import { ModelLoadError } from "../../src/runtime/errors.ts";
import { type AnyManifest, filesOf, type ModelManifest, pinnedName } from "../../src/runtime/manifest.ts";

const NAME = "pinclip-fusion";
const SETTINGS = { maxBatch: 8, instances: 2, device: "gpu", maxWaiting: 32 } as const;

let root: string;
const folder = () => join(root, "models");
const output = () => join(root, "repository");
const write = (models = "*") => exportModels({ folder: folder(), output: output(), models, ...SETTINGS });
const current = async (name = NAME) => (await listModels(folder())).find((one) => one.name === name)!;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "corkboard-triton-"));
  for (const name of [NAME, "itemsage"]) {
    await cp(join(MODELS_FOLDER, name), join(folder(), name), { recursive: true });
  }
});
afterEach(() => rm(root, { recursive: true }));

/** Changes a manifest and seals it: another revision. */
async function revise(change: (text: string) => string): Promise<AnyManifest> {
  const path = join(folder(), NAME, "manifest.json");
  await writeFile(path, change(await readFile(path, "utf8")));
  return sealModel(path);
}

describe("a model repository", () => {
  it("has a folder for each model, with its configuration and the file of its revision", async () => {
    const { models, leftOut } = await write();
    expect(models.map(({ model }) => model.manifest.name)).toEqual(["itemsage", NAME]);
    expect(leftOut).toEqual([]);
    const entries = (await readdir(output(), { recursive: true })).sort();
    const expected = await Promise.all(
      ["itemsage", NAME].map(async (name) => {
        const version = join(name, integerVersion((await current(name)).revision));
        return [name, join(name, "config.pbtxt"), version, join(version, "model.onnx")];
      }),
    );
    expect(entries).toEqual(expected.flat().sort());
    const manifest = await current();
    const copy = await readFile(join(output(), NAME, integerVersion(manifest.revision), "model.onnx"));
    expect(copy).toEqual(await readFile(join(folder(), NAME, manifest.files.fp32!.path)));
    // Nothing is left beside it.
    expect((await readdir(root)).sort()).toEqual(["models", "repository"]);
  });

  it("describes a model in Triton's words", async () => {
    await write(NAME);
    const { revision } = await current();
    const text = await readFile(join(output(), NAME, "config.pbtxt"), "utf8");
    expect(text.replaceAll(revision, "REVISION").replaceAll(integerVersion(revision), "VERSION")).toBe(
      `${MARK}
name: "pinclip-fusion"
backend: "onnxruntime"
max_batch_size: 8
input {
  name: "image"
  data_type: TYPE_FP32
  dims: [ 256 ]
}
input {
  name: "text"
  data_type: TYPE_FP32
  dims: [ 256 ]
}
output {
  name: "embedding"
  data_type: TYPE_FP32
  dims: [ 256 ]
}
version_policy {
  specific {
    versions: [ VERSION ]
  }
}
instance_group {
  count: 2
  kind: KIND_GPU
}
dynamic_batching {
  preferred_batch_size: [ 2, 4, 8 ]
  default_queue_policy {
    timeout_action: REJECT
    default_timeout_microseconds: 300000000
    allow_timeout_override: true
    max_queue_size: 32
  }
}
${[1, 8].map(warmUp).join("")}${parameter("revision", "REVISION")}${parameter("precision", "fp32")}${parameter("revision:VERSION", "REVISION")}`,
    );
  });

  it("serves the revisions that are kept beside the current one, each once", async () => {
    const { manifest: older } = await keepModel(NAME, folder());
    expect((await write(NAME)).models).toHaveLength(1);
    const file = join(folder(), NAME, filesOf(older)[0]!.path);
    await writeFile(file, Buffer.concat([await readFile(file), Uint8Array.of(0)]));
    const newer = await revise((text) => text);
    const { models } = await write(NAME);
    expect(models.map(({ version }) => version)).toEqual(
      [newer, older].map((one) => integerVersion(one.revision)),
    );
    const copies = models.map(({ version }) => readFile(join(output(), NAME, version, "model.onnx")));
    const [newCopy, oldCopy] = await Promise.all(copies);
    expect([newCopy, oldCopy!.length]).toEqual([await readFile(file), filesOf(older)[0]!.bytes]);
  });

  it("leaves revisions out whose tensors its one configuration does not describe", async () => {
    const { manifest: older } = await keepModel(NAME, folder());
    const newer = await revise((text) => text.replaceAll('"name": "embedding"', '"name": "vector"'));
    const { models, leftOut } = await write(NAME);
    expect(models.map(({ model }) => model.manifest.revision)).toEqual([newer.revision]);
    expect(leftOut).toEqual([pinnedName(older)]);
    expect(await readdir(join(output(), NAME))).not.toContain(integerVersion(older.revision));
  });

  it("replaces what it wrote before, and nothing else", async () => {
    await write();
    await keepModel(NAME, folder());
    await rm(join(folder(), "itemsage"), { recursive: true });
    const newer = await revise((text) => text.replaceAll('"name": "embedding"', '"name": "vector"'));
    await write();
    expect((await readdir(join(output(), NAME))).sort()).toEqual(
      ["config.pbtxt", integerVersion(newer.revision)].sort(),
    );
    expect(await readdir(output())).toContain("itemsage");
  });

  it("does not touch a model of somebody else, nor write any other then", async () => {
    const theirs = join(output(), NAME, "config.pbtxt");
    await mkdir(join(output(), NAME), { recursive: true });
    for (const text of ['name: "pinclip-fusion"\n', undefined]) {
      if (text === undefined) await rm(theirs);
      else await writeFile(theirs, text);
      await expect(write()).rejects.toThrow(ForeignModelError);
      expect(await readdir(output())).toEqual([NAME]);
    }
  });

  it("is not written from a file that is not its manifest's, nor of a model that is not there", async () => {
    await expect(write("nothing")).rejects.toThrow(ModelLoadError);
    await expect(write(`${NAME}:fp16`)).rejects.toThrow(ModelLoadError);
    await writeFile(join(folder(), NAME, (await current()).files.fp32!.path), "damaged");
    await expect(write(NAME)).rejects.toThrow(InvalidManifestError);
    expect(await readdir(output())).toEqual([]);
    expect((await readdir(root)).sort()).toEqual(["models", "repository"]);
  });
});

describe("a configuration", () => {
  const configOf = (manifest: ModelManifest, settings: Partial<typeof SETTINGS> | object = {}) =>
    modelConfig([{ manifest, precision: "fp32", file: manifest.files.fp32! }], { ...SETTINGS, ...settings });

  it("names every version that is served, the current revision first", async () => {
    const manifest = await current();
    const older = { ...manifest, revision: "0123456789ab" };
    const file = manifest.files.fp32!;
    const models = [manifest, older].map((one) => ({ manifest: one, precision: "fp32" as const, file }));
    const text = modelConfig([models[0]!, models[1]!], SETTINGS);
    const versions = [manifest.revision, older.revision].map(integerVersion);
    expect(text).toContain(`versions: [ ${versions.join(", ")} ]`);
    expect(text).toContain(`key: "revision:${versions[1]}"\n  value {\n    string_value: "0123456789ab"`);
  });

  it("lets Triton join requests only where every tensor has a free first dimension and another", async () => {
    const manifest = (await current()) as Extract<ModelManifest, { task: "embedding-fusion" }>;
    const [image, text] = manifest.inputs;
    for (const shape of [[1, 256], [-1]]) {
      const config = configOf({ ...manifest, inputs: [image!, { ...text!, shape }] });
      expect(config).toContain("max_batch_size: 0");
      expect(config).toContain("dims: [ -1, 256 ]");
      expect(config).toContain(`dims: [ ${shape.join(", ")} ]`);
      expect(config).not.toContain("dynamic_batching");
      expect(config).not.toContain("batch_size: 1");
    }
  });

  it("takes any number of candidates at once for a ranking, and joins no requests", async () => {
    const ranker = (await listModels(MODELS_FOLDER)).find(({ task }) => task === "ranking")!;
    const config = configOf(ranker);
    expect(config).toContain("max_batch_size: 0");
    expect(config).toContain(`dims: [ -1, ${FEATURES.length} ]`);
    expect(config).toContain(`dims: [ -1, ${FEED_ACTIONS.length} ]`);
    expect(config).toContain(`dims: [ 1, ${FEATURES.length} ]\n      zero_data: true`);
    expect(config).not.toContain("dynamic_batching");
  });

  it("has batches of powers of two and the largest, and none of one row", async () => {
    const manifest = await current();
    expect(configOf(manifest, { maxBatch: 12 })).toContain("preferred_batch_size: [ 2, 4, 8, 12 ]");
    expect(configOf(manifest, { maxBatch: 1 })).toContain("max_batch_size: 1");
    expect(configOf(manifest, { maxBatch: 1 })).not.toContain("dynamic_batching");
  });

  it("runs where it is told to", async () => {
    const manifest = await current();
    expect(configOf(manifest, { device: "auto" })).toContain("kind: KIND_AUTO");
    expect(configOf(manifest, { device: "cpu" })).toContain("kind: KIND_CPU");
  });
});

it("text format escapes what would end a string, and what is no ASCII", () => {
  const message = {
    text: 'a"b\\c\n',
    word: "é",
    name: new EnumName("ONE"),
    flag: false,
    none: [],
    some: [1, 2],
  };
  expect(textFormat(message)).toBe(
    'text: "a\\"b\\\\c\\012"\nword: "\\303\\251"\nname: ONE\nflag: false\nsome: [ 1, 2 ]\n',
  );
});

function warmUp(rows: number): string {
  const inputs = ["image", "text"].map(
    (name) => `  inputs {
    key: "${name}"
    value {
      data_type: TYPE_FP32
      dims: [ 256 ]
      zero_data: true
    }
  }
`,
  );
  const name = rows === 1 ? "one row" : `${rows} rows`;
  return `model_warmup {\n  name: "${name}"\n  batch_size: ${rows}\n${inputs.join("")}}\n`;
}

function parameter(key: string, text: string): string {
  return `parameters {\n  key: "${key}"\n  value {\n    string_value: "${text}"\n  }\n}\n`;
}
