/** Which models this deployment offers, and where browsers find their files. */
import type { ImageEmbeddingManifest, ModelManifest } from "../../../src/runtime/manifest.ts";
import { PageProblem } from "./problem.ts";

export interface Model {
  readonly manifest: ImageEmbeddingManifest;
  /** `name@revision`: under it, answers never change. */
  readonly reference: string;
  /** Address of the folder with the model's files, closing slash included. */
  readonly base: string;
}

/** The models that turn pictures into embeddings, the default first. @throws {PageProblem} when there is none. */
export async function listModels(): Promise<Model[]> {
  const response = await fetch("/models/registry.json").catch(() => undefined);
  const manifests = response?.ok === true ? ((await response.json()) as readonly ModelManifest[]) : [];
  const models = manifests.flatMap((manifest) =>
    manifest.task === "image-embedding" ? modelOf(manifest) : [],
  );
  if (models.length > 0) return models;
  throw new PageProblem({
    code: "no-models",
    title: "There is no model here yet",
    detail: "This deployment lists no model that turns pictures into embeddings.",
    hint: "Add one with `corkboard models add`, build again, and reload this page.",
  });
}

function modelOf(manifest: ImageEmbeddingManifest): Model {
  const { name, revision } = manifest;
  return { manifest, reference: `${name}@${revision}`, base: `/models/${name}/${revision}/` };
}
