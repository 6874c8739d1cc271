import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { folderStore } from "../../functions/origin/folder-store.ts";
import { MODELS_FOLDER } from "../../src/cli/model-folder.ts";
import { keepModel } from "../../src/cli/models-keep.ts";
import { sealModel } from "../../src/cli/models-seal.ts";
import { ModelLoadError } from "../../src/runtime/errors.ts";
import { assertModelFile } from "../../src/runtime/integrity.ts";

const NAME = "pinclip-fusion";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corkboard-origin-"));
  await cp(join(MODELS_FOLDER, NAME), join(folder, NAME), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

describe("a store over a folder", () => {
  it("has the models that the choice names, each in its file", async () => {
    const store = folderStore({ folder, models: NAME });
    const [model, ...others] = await store.list();
    expect([model!.manifest.name, model!.precision, others.length]).toEqual([NAME, "fp32", 0]);
    await assertModelFile(model!.manifest, model!.file, await store.read(model!));
  });

  it("has the revisions that are kept, after the current one", async () => {
    const { manifest: older } = await keepModel(NAME, folder);
    const path = join(folder, NAME, "manifest.json");
    await writeFile(
      path,
      (await readFile(path, "utf8")).replaceAll('"name": "embedding"', '"name": "vector"'),
    );
    const current = await sealModel(path);
    const store = folderStore({ folder, models: "*" });
    const models = await store.list();
    expect(models.map(({ manifest }) => manifest.revision)).toEqual([current.revision, older.revision]);
    for (const model of models) await assertModelFile(model.manifest, model.file, await store.read(model));
  });

  it("says so when there is no such model or folder", async () => {
    await expect(folderStore({ folder, models: "nothing" }).list()).rejects.toThrow(ModelLoadError);
    await expect(folderStore({ folder: join(folder, "nothing"), models: "*" }).list()).rejects.toThrow(
      /cannot be read/,
    );
  });
});
