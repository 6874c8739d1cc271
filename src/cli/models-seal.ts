/** `corkboard models seal`: fills in what a machine knows better: sizes, checksums, the revision. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import * as z from "zod";
import { reasonOf } from "../runtime/errors.ts";
import { revisionOf, sha256 } from "../runtime/integrity.ts";
import { ModelManifest } from "../runtime/manifest.ts";
import { parseJson } from "./model-check.ts";
import { InvalidManifestError } from "./model-folder.ts";

/** A manifest whose files need to name no more than their paths. */
const Draft = z.looseObject({ files: z.record(z.string(), z.looseObject({ path: z.string() })) });

/** Revision of a manifest that is checked before its own is known. */
const UNKNOWN_REVISION = "0".repeat(12);

/**
 * Completes the manifest at `path` from the files beside it and writes it back.
 * @throws {InvalidManifestError} when something is wrong that only a person can decide.
 */
export async function sealModel(path: string): Promise<ModelManifest> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw new InvalidManifestError(path, reasonOf(error));
  });
  const draft = Draft.safeParse(parseJson(text, path));
  if (!draft.success) throw new InvalidManifestError(path, z.prettifyError(draft.error));
  const files: Record<string, unknown> = {};
  for (const [precision, file] of Object.entries(draft.data.files)) {
    const bytes = await readFile(join(dirname(path), file.path)).catch((error) => {
      throw new InvalidManifestError(path, `files.${precision}: ${reasonOf(error)}`);
    });
    files[precision] = { ...file, bytes: bytes.byteLength, sha256: await sha256(bytes) };
  }
  const complete = ModelManifest.safeParse({ ...draft.data, revision: UNKNOWN_REVISION, files });
  if (!complete.success) throw new InvalidManifestError(path, z.prettifyError(complete.error));
  const manifest = { ...complete.data, revision: await revisionOf(complete.data) };
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${path}.new`, path);
  return manifest;
}

export function sealModelCommand(): Command {
  return new Command("seal")
    .description("Fill in the sizes, checksums and revision of a manifest from the files beside it.")
    .argument("<manifest>", "path of a manifest.json")
    .action(async (path: string) => {
      const { name, revision } = await sealModel(path);
      console.log(`${name}@${revision}`);
    });
}
