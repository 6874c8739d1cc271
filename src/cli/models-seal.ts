/** `corkboard models seal`: fills in what a machine knows better: sizes, checksums, the revision. */
import { readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Command } from "commander";
import * as z from "zod";
import { reasonOf } from "../runtime/errors.ts";
import { revisionOf, sha256 } from "../runtime/integrity.ts";
import { AnyManifest } from "../runtime/manifest.ts";
import { parseJson } from "./model-check.ts";
import { InvalidManifestError } from "./model-folder.ts";

const File = z.looseObject({ path: z.string() });
type File = z.infer<typeof File>;

const Files = z.record(z.string(), File);

/** A manifest whose files need to name no more than their paths. */
const Draft = z.union([
  z.looseObject({ graphs: z.record(z.string(), z.looseObject({ files: Files })), start: File }),
  z.looseObject({ files: Files }),
]);

/** Revision of a manifest that is checked before its own is known. */
const UNKNOWN_REVISION = "0".repeat(12);

/**
 * Completes the manifest at `path` from the files beside it and writes it back.
 * @throws {InvalidManifestError} when something is wrong that only a person can decide.
 */
export async function sealModel(path: string): Promise<AnyManifest> {
  const text = await readFile(path, "utf8").catch((error) => {
    throw new InvalidManifestError(path, reasonOf(error));
  });
  const draft = Draft.safeParse(parseJson(text, path));
  if (!draft.success) throw new InvalidManifestError(path, z.prettifyError(draft.error));
  for (const { file, place } of filesOfDraft(draft.data)) {
    const bytes = await readFile(join(dirname(path), file.path)).catch((error) => {
      throw new InvalidManifestError(path, `${place}: ${reasonOf(error)}`);
    });
    Object.assign(file, { bytes: bytes.byteLength, sha256: await sha256(bytes) });
  }
  const complete = AnyManifest.safeParse({ ...draft.data, revision: UNKNOWN_REVISION });
  if (!complete.success) throw new InvalidManifestError(path, z.prettifyError(complete.error));
  const manifest = { ...complete.data, revision: await revisionOf(complete.data) };
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`);
  await rename(`${path}.new`, path);
  return manifest;
}

/** Every file that a draft names, and where it does. */
function filesOfDraft(draft: z.infer<typeof Draft>): { readonly file: File; readonly place: string }[] {
  const placed = (files: z.infer<typeof Files>, where: string) =>
    Object.entries(files).map(([precision, file]) => ({ file, place: `${where}.${precision}` }));
  if (!("graphs" in draft)) return placed(draft.files as z.infer<typeof Files>, "files");
  const { graphs, start } = draft as {
    graphs: Record<string, { files: z.infer<typeof Files> }>;
    start: File;
  };
  const own = Object.entries(graphs).flatMap(([name, { files }]) => placed(files, `graphs.${name}.files`));
  return [...own, { file: start, place: "start" }];
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
