/** Shapes of `/v1/models`. */
import { z } from "@hono/zod-openapi";
import {
  inputsOf,
  type ModelManifest,
  outputsOf,
  Precision,
  Preprocess,
  pinnedName,
  type TensorDeclaration,
} from "../../runtime/manifest.ts";

const Declaration = z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) });

export const Model = z
  .object({
    id: z.string().openapi({ example: "unified-embedding" }),
    object: z.literal("model"),
    created: z.int().openapi({ description: "Always 0: the revision dates a model." }),
    owned_by: z.string(),
    revision: z.string().openapi({ description: "Decided by everything that decides the answers." }),
    pinned: z.string().openapi({ description: "`name@revision`, whose answers never change." }),
    task: z.string(),
    description: z.string(),
    license: z.string(),
    source: z.string(),
    dimensions: z.int().optional().openapi({ description: "Length of an embedding." }),
    prefixes: z
      .array(z.int())
      .optional()
      .openapi({ description: "Other lengths that `dimensions` may ask for." }),
    modalities: z
      .array(z.enum(["image", "text"]))
      .optional()
      .openapi({ description: "What `/v1/embeddings` takes with this model." }),
    categories: z
      .array(z.string())
      .optional()
      .openapi({ description: "Categories that a detector finds, or that attention can be asked for." }),
    inputs: z.array(Declaration),
    outputs: z.array(Declaration),
    // A new schema, because those made before `@hono/zod-openapi` was loaded lack `openapi`.
    preprocess: z
      .strictObject(Preprocess.shape)
      .openapi("Preprocess")
      .optional()
      .openapi({ description: "Of models that take pictures." }),
    files: z
      .array(
        z.object({
          precision: Precision,
          path: z.string(),
          bytes: z.int(),
          sha256: z.string(),
        }),
      )
      .openapi({ description: "Files of the model, by their precision." }),
    metrics: z.record(z.string(), z.union([z.number(), z.string()])),
  })
  .openapi("Model");
export type Model = z.infer<typeof Model>;

export const ModelList = z.object({ object: z.literal("list"), data: z.array(Model) }).openapi("ModelList");

/** A manifest as OpenAI's clients list models, with the facts of the manifest. */
export function modelOf(manifest: ModelManifest): Model {
  const { name, revision, task, description, license, source, metrics } = manifest;
  return {
    id: name,
    object: "model",
    created: 0,
    owned_by: "corkboard",
    revision,
    pinned: pinnedName(manifest),
    task,
    description,
    license,
    source,
    ...meaningOf(manifest),
    inputs: inputsOf(manifest).map(declaration),
    outputs: outputsOf(manifest).map(declaration),
    ...("preprocess" in manifest && { preprocess: manifest.preprocess }),
    files: Precision.options.flatMap((precision) => {
      const file = manifest.files[precision];
      return file ? [{ precision, path: file.path, bytes: file.bytes, sha256: file.sha256 }] : [];
    }),
    metrics,
  };
}

function declaration({ name, datatype, shape }: TensorDeclaration): z.infer<typeof Declaration> {
  return { name, datatype, shape };
}

/** What a client needs to know to ask and to read, by what the model is for. */
function meaningOf(
  manifest: ModelManifest,
): Pick<Model, "dimensions" | "prefixes" | "modalities" | "categories"> {
  switch (manifest.task) {
    case "image-embedding":
      return { ...lengthsOf(manifest.output), modalities: manifest.joint ? ["image", "text"] : ["image"] };
    case "text-embedding":
      return { ...lengthsOf(manifest.output), modalities: ["text"] };
    case "embedding-fusion":
    case "item-embedding":
      return lengthsOf(manifest.output);
    case "object-detection":
      return { categories: manifest.detection.categories };
    case "look-compatibility":
      return {
        dimensions: manifest.compatibility.dimensions,
        categories: manifest.compatibility.categories,
      };
    case "ranking":
      return {};
  }
}

function lengthsOf({ dimensions, prefixes }: { dimensions: number; prefixes: number[] }) {
  return { dimensions, prefixes };
}
