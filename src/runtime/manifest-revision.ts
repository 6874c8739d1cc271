/** What names a revision: everything in a manifest that decides what the model answers. */
import type { AnyManifest } from "./manifest.ts";
import type { ModelFile } from "./manifest-common.ts";

/** Members that say something about a model, but decide nothing that it answers. */
type Descriptive = "revision" | "description" | "license" | "source" | "training" | "metrics" | "task";
type Decisive<Manifest> = Manifest extends unknown ? Omit<Manifest, Descriptive> : never;

/** `name@revision`: the name under which a model's answers never change. */
export function pinnedName({ name, revision }: Pick<AnyManifest, "name" | "revision">): string {
  return `${name}@${revision}`;
}

/** Canonical JSON (sorted keys, no spaces) of what decides a model's answers; its sha256 names the revision. */
export function revisionSource(manifest: Decisive<AnyManifest>): string {
  const files = Object.fromEntries(filesByKey(manifest).map(([key, file]) => [key, file.sha256]));
  const decisive: Record<string, unknown> = { files };
  if ("graphs" in manifest) {
    decisive.graphs = Object.fromEntries(
      Object.entries(manifest.graphs).map(([key, { inputs, outputs }]) => [key, { inputs, outputs }]),
    );
  }
  for (const key of DECISIVE) if (key in manifest) decisive[key] = manifest[key as keyof typeof manifest];
  if ("text" in manifest) decisive.text = { ...manifest.text, tokenizer: manifest.text.tokenizer.sha256 };
  return canonicalJson(decisive);
}

/** Files by what they are: a precision; of several graphs, `graph.precision`. */
function filesByKey(manifest: Decisive<AnyManifest>): [string, ModelFile][] {
  if (!("graphs" in manifest)) return Object.entries(manifest.files);
  const files = Object.entries(manifest.graphs).flatMap(([graph, own]) =>
    Object.entries(own.files).map(([precision, file]): [string, ModelFile] => [
      `${graph}.${precision}`,
      file,
    ]),
  );
  return [...files, ["start", manifest.start]];
}

const DECISIVE = [
  "name",
  "input",
  "inputs",
  "preprocess",
  "output",
  "maps",
  "joint",
  "text",
  "item",
  "outputs",
  "detection",
  "compatibility",
  "content",
  "actions",
  "surfaces",
  "max_history",
  "max_candidates",
  "layers",
  "heads",
  "head_dimensions",
  "dimensions",
  "ranking",
] as const;

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}
