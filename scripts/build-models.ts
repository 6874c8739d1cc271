/**
 * Collects `models/<name>/manifest.json`, and those of older revisions in `models/<name>@<revision>/`, into
 * `dist/models/registry.json`, checking every checksum. Models that only an origin runs are checked and left out: the
 * registry is for hosts of single inferences.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod";
import { modelFolder } from "../src/cli/model-folder.ts";
import {
  AnyManifest,
  filesOf,
  isHosted,
  type ModelManifest,
  revisionSource,
} from "../src/runtime/manifest.ts";

const sha256 = (data: Uint8Array | string) => createHash("sha256").update(data).digest("hex");

async function readManifest(folder: string): Promise<AnyManifest | undefined> {
  const path = join(folder, "manifest.json");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed = AnyManifest.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(`${path}:\n${z.prettifyError(parsed.error)}`);
  const revision = sha256(revisionSource(parsed.data)).slice(0, 12);
  if (parsed.data.revision !== revision) {
    throw new Error(`${path}: the revision is ${parsed.data.revision}, but the contents make it ${revision}`);
  }
  return parsed.data;
}

/**
 * Checks all models below `source` and writes `target/registry.json`, the list of their manifests.
 * @throws when a manifest is invalid or a file differs from its checksum.
 */
export async function buildModels(source: string, target: string): Promise<ModelManifest[]> {
  const folders = (await readdir(source, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const all: AnyManifest[] = [];
  for (const { name: folder } of folders.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const manifest = await readManifest(join(source, folder));
    if (!manifest) continue;
    for (const file of filesOf(manifest)) {
      const from = join(source, folder, file.path);
      if (sha256(await readFile(from)) !== file.sha256) {
        throw new Error(`${from}: the sha256 differs from the manifest's`);
      }
    }
    all.push(manifest);
    // Sorted by name, the current revision comes before the older ones.
    const expected = modelFolder(manifest, all);
    if (folder !== expected) throw new Error(`${join(source, folder)}: this model belongs into ${expected}/`);
  }
  const manifests = all.filter(isHosted);
  await mkdir(target, { recursive: true });
  await writeFile(join(target, "registry.json"), `${JSON.stringify(manifests, null, 2)}\n`);
  return manifests;
}
