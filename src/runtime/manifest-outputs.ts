/** What a manifest declares, without the schemas that check it: pages load this file. */
import type { ModelManifest, TensorDeclaration } from "./manifest.ts";

/** Every output that a manifest declares, the main one first. */
export function outputsOf(manifest: ModelManifest): readonly TensorDeclaration[] {
  return manifest.task === "image-embedding" ? [manifest.output, ...(manifest.maps ?? [])] : manifest.outputs;
}
