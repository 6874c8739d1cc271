/** Models from a folder on this machine: `<name>/` and, of older revisions that are still served, `<name>@<revision>/`. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { listModels, modelFolder } from "../../src/cli/model-folder.ts";
import { chooseModels, type ModelChoice } from "../../src/inference/model-choice.ts";
import type { ModelStore } from "../../src/inference/model-store.ts";
import { ModelLoadError, reasonOf } from "../../src/runtime/errors.ts";

export interface FolderStoreOptions extends ModelChoice {
  readonly folder: string;
}

/** The folder is looked at once: who adds a model starts the origin anew. */
export function folderStore({ folder, ...choice }: FolderStoreOptions): ModelStore {
  const registry = listModels(folder).catch((error) => {
    throw new ModelLoadError("*", `${folder} cannot be read: ${reasonOf(error)}`, error);
  });
  const listed = registry.then((manifests) => chooseModels(manifests, choice));
  // Whoever lists the models learns of it.
  listed.catch(() => undefined);
  return {
    list: () => listed,
    async read({ manifest, file }) {
      const path = join(folder, modelFolder(manifest, await registry), file.path);
      return new Uint8Array(await readFile(path));
    },
  };
}
