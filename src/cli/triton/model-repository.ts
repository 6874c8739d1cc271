/** Writes a model repository of NVIDIA Triton from a models folder: `<model>/config.pbtxt`, `<model>/<version>/model.onnx`. */
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { integerVersion } from "../../inference/integer-version.ts";
import { chooseModels, type ModelChoice } from "../../inference/model-choice.ts";
import type { HostedModel } from "../../inference/model-store.ts";
import { Problem } from "../../problem.ts";
import { inputsOf, outputsOf, pinnedName } from "../../runtime/manifest.ts";
import { InvalidManifestError, listModels, modelFolder } from "../model-folder.ts";
import { type ConfigOptions, MARK, modelConfig } from "./model-config.ts";

export interface ExportOptions extends ModelChoice, ConfigOptions {
  /** Models folder. */
  readonly folder: string;
  /** The repository; models in it that were not written by this are never replaced. */
  readonly output: string;
}

export interface ExportedModel {
  readonly model: HostedModel;
  /** Number of its directory. */
  readonly version: string;
}

export interface Exported {
  readonly models: readonly ExportedModel[];
  /** Older revisions, as `name@revision`, whose tensors the one configuration of their name does not describe. */
  readonly leftOut: readonly string[];
}

/** What is in the way is not this command's to replace. */
export class ForeignModelError extends Problem {
  constructor(path: string) {
    super({
      status: 409,
      code: "foreign-triton-model",
      title: "Not written by this command",
      detail: `${path} is there already, and was not written by \`corkboard triton export\`.`,
      hint: "Choose another folder with -o, or move it away.",
    });
  }
}

/**
 * Writes the models chosen, each in all its revisions. Each model's folder is complete when it appears.
 * @throws {ModelLoadError} for a name or precision that is not there.
 * @throws {InvalidManifestError} when a file is not the one of its manifest.
 * @throws {ForeignModelError} before anything is written.
 */
export async function exportModels(options: ExportOptions): Promise<Exported> {
  const output = resolve(options.output);
  const registry = await listModels(options.folder);
  const groups = groupsOf(chooseModels(registry, options));
  for (const { revisions } of groups) await assertOwn(join(output, revisions[0].manifest.name));
  await mkdir(output, { recursive: true });
  // Beside the repository: a Triton that polls it would take a half-written folder for a model.
  const fresh = await mkdtemp(join(dirname(output), `.${basename(output)}-`));
  try {
    for (const { revisions } of groups) {
      const { name } = revisions[0].manifest;
      await mkdir(join(fresh, name));
      await writeFile(join(fresh, name, "config.pbtxt"), modelConfig(revisions, options));
      for (const model of revisions) {
        const source = join(options.folder, modelFolder(model.manifest, registry), model.file.path);
        await copyModel(source, join(fresh, name, integerVersion(model.manifest.revision)), model);
      }
      await rm(join(output, name), { recursive: true, force: true });
      await rename(join(fresh, name), join(output, name));
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return {
    models: groups.flatMap(({ revisions }) =>
      revisions.map((model) => ({ model, version: integerVersion(model.manifest.revision) })),
    ),
    leftOut: groups.flatMap(({ leftOut }) => leftOut.map(({ manifest }) => pinnedName(manifest))),
  };
}

interface Group {
  /** The current one first. */
  readonly revisions: readonly [HostedModel, ...HostedModel[]];
  readonly leftOut: readonly HostedModel[];
}

/** Models by name, with those revisions whose tensors are the current one's. */
function groupsOf(models: readonly HostedModel[]): Group[] {
  const names = [...new Set(models.map(({ manifest }) => manifest.name))];
  return names.map((name) => {
    // The current revision is there twice while it is kept for the next one.
    const [current, ...older] = models.filter(
      ({ manifest }, index) =>
        manifest.name === name &&
        models.findIndex((one) => pinnedName(one.manifest) === pinnedName(manifest)) === index,
    );
    const fits = (model: HostedModel) => tensorsOf(model) === tensorsOf(current!);
    return {
      revisions: [current!, ...older.filter(fits)],
      leftOut: older.filter((model) => !fits(model)),
    };
  });
}

function tensorsOf({ manifest }: HostedModel): string {
  const declared = [inputsOf(manifest), outputsOf(manifest)].map((tensors) =>
    tensors.map(({ name, datatype, shape }) => [name, datatype, shape]),
  );
  return JSON.stringify(declared);
}

async function assertOwn(path: string): Promise<void> {
  if (!(await stat(path).catch(() => undefined))) return;
  const config = await readFile(join(path, "config.pbtxt"), "utf8").catch(() => "");
  if (!config.startsWith(MARK)) throw new ForeignModelError(path);
}

async function copyModel(source: string, folder: string, { file }: HostedModel): Promise<void> {
  const bytes = await readFile(source);
  if (createHash("sha256").update(bytes).digest("hex") !== file.sha256) {
    throw new InvalidManifestError(source, "the sha256 differs from the manifest's");
  }
  await mkdir(folder);
  await writeFile(join(folder, "model.onnx"), bytes);
}
