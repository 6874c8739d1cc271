/** Where a model's files are in `models/`. */
import { type ModelManifest, pinnedName } from "../src/runtime/manifest.ts";

/** `<name>` for the current revision, the first of its name; `<name>@<revision>` for older ones that are still served. */
export function modelFolder(manifest: ModelManifest, all: readonly ModelManifest[]): string {
  const current = all.find(({ name }) => name === manifest.name);
  return current?.revision === manifest.revision ? manifest.name : pinnedName(manifest);
}
