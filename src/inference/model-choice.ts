/** Which models of a registry a host runs, from the two words of its configuration. */
import { ModelLoadError } from "../runtime/errors.ts";
import { type ModelManifest, Precision } from "../runtime/manifest.ts";
import type { HostedModel } from "./model-store.ts";

/** The smallest file first: at the edge, bytes are what is scarce. */
const PREFERENCE: readonly Precision[] = ["int8", "fp16", "fp32"];

export interface ModelChoice {
  /** Names separated by commas, each with an optional precision (`unified-embedding:int8`); `*` for all. */
  readonly models: string;
  /** Precision of the models that name none; absent: the first that the model has of int8, fp16, fp32. */
  readonly precision?: string;
}

/**
 * Picks models from `registry`, in the order of the choice, each in all its revisions.
 * @throws {ModelLoadError} for a name or a precision that the registry does not have.
 */
export function chooseModels(registry: readonly ModelManifest[], choice: ModelChoice): HostedModel[] {
  const wishes = choice.models.split(",").map((wish) => wish.trim());
  return wishes.filter(Boolean).flatMap((wish) => {
    const [name, precision = choice.precision] = wish.split(":");
    if (name === "*") return registry.map((manifest) => hosted(manifest, precision));
    const revisions = registry.filter((candidate) => candidate.name === name);
    if (revisions.length === 0) throw new ModelLoadError(name!, "the registry has no such model");
    return revisions.map((manifest) => hosted(manifest, precision));
  });
}

function hosted(manifest: ModelManifest, wish: string | undefined): HostedModel {
  const precision = wish ? Precision.safeParse(wish).data : PREFERENCE.find((one) => manifest.files[one]);
  const file = precision && manifest.files[precision];
  if (file) return { manifest, precision, file };
  throw new ModelLoadError(
    manifest.name,
    `it has no ${wish} file, only ${Object.keys(manifest.files).join(", ")}`,
  );
}
