import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildModels } from "../../scripts/build-models.ts";
import {
  listModels,
  MODELS_FOLDER,
  modelFolder,
  readModel,
  UnknownModelError,
} from "../../src/cli/model-folder.ts";
import { keepModel } from "../../src/cli/models-keep.ts";
import { sealModel } from "../../src/cli/models-seal.ts";
import { ModelRegistry, RevisionNotServedError } from "../../src/http/model-registry.ts";
import { filesOf, pinnedName } from "../../src/runtime/manifest.ts";

const NAME = "pinclip-fusion";

let folder: string;
const models = () => join(folder, "models");

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corkboard-models-"));
  for (const name of [NAME, "itemsage"]) {
    await cp(join(MODELS_FOLDER, name), join(models(), name), { recursive: true });
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe("a model's present revision", () => {
  it("is kept once, without what is not served", async () => {
    const { manifest, folder: kept } = await keepModel(NAME, models());
    expect(kept).toBe(join(models(), pinnedName(manifest)));
    expect((await readdir(kept)).sort()).toEqual(
      ["manifest.json", ...filesOf(manifest).map(({ path }) => path)].sort(),
    );
    expect(await keepModel(NAME, models())).toEqual({ manifest, folder: kept });
  });

  it("cannot be kept of a model that is not there", async () => {
    await expect(keepModel("nothing", models())).rejects.toThrow(UnknownModelError);
  });

  it("comes after the next one, and both are built", async () => {
    const older = (await listModels(models())).find(({ name }) => name === NAME)!;
    const path = join(models(), NAME, "manifest.json");
    // Another name of an output is another revision.
    const changed = (await readFile(path, "utf8")).replaceAll('"name": "embedding"', '"name": "vector"');
    await writeFile(path, changed);
    const current = await sealModel(path);
    expect(current.revision).not.toBe(older.revision);
    const built = await buildModels(models(), join(folder, "dist"));
    expect(built.map(pinnedName).filter((one) => one.startsWith(NAME))).toEqual(
      [current, older].map(pinnedName),
    );
    expect(built.map((one) => modelFolder(one, built))).toEqual(
      (await readdir(models())).sort((a, b) => (a < b ? -1 : 1)),
    );
    expect((await readModel(NAME, "fp32", models())).manifest.revision).toBe(current.revision);
    const registry = new ModelRegistry(built);
    expect(registry.find(NAME)).toEqual(current);
    expect(registry.find(pinnedName(older))).toEqual(older);
    expect(registry.list().map(({ name }) => name)).toEqual(["itemsage", NAME]);
    expect(() => registry.find(`${NAME}@000000000000`)).toThrow(RevisionNotServedError);
  });

  it("must be in the folder that says which it is", async () => {
    await cp(join(models(), "itemsage"), join(models(), "itemsage@000000000000"), { recursive: true });
    await expect(buildModels(models(), join(folder, "dist"))).rejects.toThrow("belongs into itemsage/");
  });
});
