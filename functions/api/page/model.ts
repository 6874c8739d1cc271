/** Which models this deployment offers, and where browsers find their files. */
import type { PlanList } from "../../../src/inference/plan-store.ts";
import type { ImageEmbeddingManifest, ModelFile, ModelManifest } from "../../../src/runtime/manifest.ts";
import { pinnedName } from "../../../src/runtime/manifest-revision.ts";
import { PageProblem } from "./problem.ts";

export interface Model {
  readonly manifest: ImageEmbeddingManifest;
  /** `name@revision`: under it, answers never change. */
  readonly reference: string;
  /** Address of the folder with the model's files, closing slash included. */
  readonly base: string;
  /** The int8 file, compiled for Corkboard's engine; models that do not compile have none. */
  readonly plan: ModelFile | undefined;
}

/** The models that turn pictures into embeddings, the default first. @throws {PageProblem} when there is none. */
export async function listModels(): Promise<Model[]> {
  const [manifests, plans] = await Promise.all([
    read<readonly ModelManifest[]>("/models/registry.json"),
    read<PlanList>("/models/plans.json"),
  ]);
  const models = current(manifests ?? []).flatMap((manifest) =>
    manifest.task === "image-embedding" ? modelOf(manifest, plans ?? {}) : [],
  );
  const [usual, others] = [models.filter(isDefault), models.filter((one) => !isDefault(one))];
  if (models.length > 0) return [...usual, ...others];
  throw new PageProblem({
    code: "no-models",
    title: "There is no model here yet",
    detail: "This deployment lists no model that turns pictures into embeddings.",
    hint: "Add one with `corkboard models add`, build again, and reload this page.",
  });
}

/** Of several revisions of a model the first is the current one. */
function current(manifests: readonly ModelManifest[]): ModelManifest[] {
  const names = manifests.map(({ name }) => name);
  return manifests.filter(({ name }, at) => names.indexOf(name) === at);
}

/** The model that the API takes when a request names none. */
const DEFAULT_MODEL = "unified-embedding";

const isDefault = ({ manifest }: Model): boolean => manifest.name === DEFAULT_MODEL;

function planOf(manifest: ModelManifest, plans: PlanList): ModelFile | undefined {
  const name = pinnedName(manifest);
  const plan = Object.hasOwn(plans, name) ? plans[name] : undefined;
  return plan?.file;
}

/** A list of this deployment, or undefined when it has none. */
async function read<List>(address: string): Promise<List | undefined> {
  const response = await fetch(address).catch(() => undefined);
  return response?.ok === true ? ((await response.json()) as List) : undefined;
}

function modelOf(manifest: ImageEmbeddingManifest, plans: PlanList): Model {
  const { name, revision } = manifest;
  return {
    manifest,
    reference: pinnedName(manifest),
    base: `/models/${name}/${revision}/`,
    plan: planOf(manifest, plans),
  };
}
