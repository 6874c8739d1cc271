/** What a manifest declares, without the schemas that check it: pages load this file. */
import type { AnyManifest, ModelManifest } from "./manifest.ts";
import type { ModelFile, TensorDeclaration } from "./manifest-common.ts";

/** Every input that a manifest declares. */
export function inputsOf(manifest: ModelManifest): readonly TensorDeclaration[] {
  return "inputs" in manifest ? manifest.inputs : [manifest.input];
}

/** Every output that a manifest declares, the main one first. */
export function outputsOf(manifest: ModelManifest): readonly TensorDeclaration[] {
  if ("outputs" in manifest) return manifest.outputs;
  return manifest.task === "image-embedding"
    ? [manifest.output, ...(manifest.maps ?? [])]
    : [manifest.output];
}

/** Every file that belongs to a model: its weights in each precision, and its tokenizer if it has one. */
export function filesOf(manifest: AnyManifest): readonly ModelFile[] {
  if (manifest.task === "sequence-ranking") {
    const graphs = Object.values(manifest.graphs).flatMap(({ files }) => Object.values(files));
    return [...graphs, manifest.start];
  }
  const tokenizer = manifest.task === "text-embedding" ? [manifest.text.tokenizer] : [];
  return [...Object.values(manifest.files), ...tokenizer];
}
