/** What this deployment can tell of a scene: which of the models are here, and what they know. */
import type {
  ImageEmbeddingManifest,
  LookCompatibilityManifest,
  ModelManifest,
  ObjectDetectionManifest,
} from "../../../../src/runtime/manifest.ts";

export interface SceneModels {
  readonly detector: ObjectDetectionManifest | undefined;
  readonly compatibility: LookCompatibilityManifest | undefined;
  /** Whose regions the compatibility's attention weighs. */
  readonly backbone: ImageEmbeddingManifest | undefined;
}

let known: Promise<SceneModels> | undefined;

/** Asked for once; again after a failure. */
export function sceneModels(): Promise<SceneModels> {
  known ??= list().catch((error) => {
    known = undefined;
    throw error;
  });
  return known;
}

async function list(): Promise<SceneModels> {
  const response = await fetch("/models/registry.json");
  const manifests = response.ok ? ((await response.json()) as readonly ModelManifest[]) : [];
  const detector = manifests.find((manifest) => manifest.task === "object-detection");
  const compatibility = manifests.find((manifest) => manifest.task === "look-compatibility");
  const [backboneName] = compatibility?.compatibility.backbone.split("@") ?? [];
  const backbone = manifests.find(
    (manifest): manifest is ImageEmbeddingManifest =>
      manifest.task === "image-embedding" && manifest.name === backboneName,
  );
  return { detector, compatibility, backbone };
}

/** The detector's categories in their groups, such as fashion and home; without groups, in one without a name. */
export function groupsOf({
  detection,
}: ObjectDetectionManifest): [name: string, categories: readonly string[]][] {
  const groups = Object.entries(detection.groups);
  const grouped = new Set(groups.flatMap(([, categories]) => categories));
  const rest = detection.categories.filter((category) => !grouped.has(category));
  return rest.length > 0 ? [...groups, ["", rest]] : groups;
}
