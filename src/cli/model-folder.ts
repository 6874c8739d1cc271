/** Models on this machine: the folder that `corkboard models add` fills and the edge functions are built from. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { Problem } from "../problem.ts";
import {
  AnyManifest,
  type ImageEmbeddingManifest,
  isHosted,
  type ModelManifest,
  type Precision,
  pinnedName,
} from "../runtime/manifest.ts";

/** `models/` beside the package's `src/` and `dist/`. */
export const MODELS_FOLDER = fileURLToPath(new URL("../../models/", import.meta.url));

/** Manifests of the models in `folder` that any host serves, by name, the current revision of each first. */
export async function listModels(folder = MODELS_FOLDER): Promise<ModelManifest[]> {
  return (await listAllModels(folder)).filter(isHosted);
}

/** As {@link listModels}, with the models that only an origin runs. */
export async function listAllModels(folder = MODELS_FOLDER): Promise<AnyManifest[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const manifests: AnyManifest[] = [];
  // `<name>` before `<name>@<revision>`: the current revision before those that are kept.
  const folders = entries.filter((entry) => entry.isDirectory()).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of folders) {
    const path = join(folder, entry.name, "manifest.json");
    const text = await readFile(path, "utf8").catch(() => undefined);
    if (text === undefined) continue;
    const parsed = AnyManifest.safeParse(JSON.parse(text));
    if (!parsed.success) throw new InvalidManifestError(path, z.prettifyError(parsed.error));
    manifests.push(parsed.data);
  }
  return manifests.sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? -1 : 1));
}

type Named = Pick<AnyManifest, "name" | "revision">;

/** `<name>` for the current revision, the first of its name; `<name>@<revision>` for older ones that are still served. */
export function modelFolder(manifest: Named, all: readonly Named[]): string {
  const current = all.find(({ name }) => name === manifest.name);
  return current?.revision === manifest.revision ? manifest.name : pinnedName(manifest);
}

/**
 * @throws {UnknownModelError} when there is no such model or it has no file of that precision.
 * @throws {InvalidManifestError} when the file differs from its checksum.
 */
export async function readModel(
  name: string,
  precision: Precision,
  folder = MODELS_FOLDER,
): Promise<{ manifest: ModelManifest; bytes: Uint8Array }> {
  const manifests = await listModels(folder);
  const manifest = manifests.find((candidate) => candidate.name === name);
  if (!manifest) throw new UnknownModelError(`there is no model ${name}`, manifests);
  const file = manifest.files[precision];
  if (!file) {
    const has = Object.keys(manifest.files).join(", ");
    throw new UnknownModelError(`${name} has no ${precision} file, it has ${has}`, manifests);
  }
  const path = join(folder, name, file.path);
  const bytes = await readFile(path);
  if (createHash("sha256").update(bytes).digest("hex") !== file.sha256) {
    throw new InvalidManifestError(path, "the sha256 differs from the manifest's");
  }
  return { manifest, bytes };
}

/** As {@link readModel}, for a model that embeds pictures. @throws {UnknownModelError} when it does something else. */
export async function readEmbeddingModel(
  name: string,
  precision: Precision,
  folder = MODELS_FOLDER,
): Promise<{ manifest: ImageEmbeddingManifest; bytes: Uint8Array }> {
  const { manifest, bytes } = await readModel(name, precision, folder);
  if (manifest.task === "image-embedding") return { manifest, bytes };
  const known = (await listModels(folder)).filter(({ task }) => task === "image-embedding");
  throw new UnknownModelError(`${name} is a model for ${manifest.task}, it embeds no pictures`, known);
}

export class UnknownModelError extends Problem {
  constructor(detail: string, known: readonly Named[]) {
    super({
      status: 404,
      code: "unknown-model",
      title: "Unknown model",
      detail,
      hint: `known models: ${known.map((manifest) => manifest.name).join(", ") || "none"}`,
    });
  }
}

export class InvalidManifestError extends Problem {
  constructor(path: string, detail: string) {
    super({
      status: 422,
      code: "invalid-model-manifest",
      title: "Invalid model",
      detail: `${path}: ${detail}`,
      hint: "`corkboard models seal` fills in checksums and the revision",
    });
  }
}
