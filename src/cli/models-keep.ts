/** `corkboard models keep`: has a model's present revision served on beside the next. */
import { randomBytes } from "node:crypto";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { type AnyManifest, filesOf, pinnedName } from "../runtime/manifest.ts";
import { listAllModels, MODELS_FOLDER, UnknownModelError } from "./model-folder.ts";

export interface KeptModel {
  readonly manifest: AnyManifest;
  readonly folder: string;
}

/**
 * Copies what a revision consists of, its manifest and files, into `<name>@<revision>/`. Once is enough.
 * @throws {UnknownModelError} when there is no such model.
 */
export async function keepModel(name: string, models = MODELS_FOLDER): Promise<KeptModel> {
  const manifests = await listAllModels(models);
  const manifest = manifests.find((one) => one.name === name);
  if (!manifest) throw new UnknownModelError(`there is no model ${name}`, manifests);
  const folder = join(models, pinnedName(manifest));
  if (manifests.filter((one) => pinnedName(one) === pinnedName(manifest)).length > 1)
    return { manifest, folder };
  const fresh = `${folder}.new-${randomBytes(4).toString("hex")}`;
  try {
    for (const path of ["manifest.json", ...filesOf(manifest).map((file) => file.path)]) {
      await mkdir(dirname(join(fresh, path)), { recursive: true });
      await copyFile(join(models, name, path), join(fresh, path));
    }
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return { manifest, folder };
}

export function keepModelCommand(): Command {
  return new Command("keep")
    .description("Serve a model's present revision on, beside the one that you add next.")
    .argument("<name>", "name of a model in the models folder")
    .option("--folder <folder>", "models folder", MODELS_FOLDER)
    .action(async (name: string, options: { readonly folder: string }) => {
      const { manifest, folder } = await keepModel(name, options.folder);
      console.log(
        `${pinnedName(manifest)} is in ${folder}; remove it when \`corkboard status\` says that the next is complete`,
      );
    });
}
