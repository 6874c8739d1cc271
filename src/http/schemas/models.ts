/** Shapes of `/v1/models`. */
import { z } from "@hono/zod-openapi";
import { type ModelManifest, Precision, Preprocess } from "../../runtime/manifest.ts";
import { pinnedName } from "../model-registry.ts";

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
    dimensions: z.int().openapi({ description: "Length of an embedding." }),
    prefixes: z.array(z.int()).openapi({ description: "Other lengths that `dimensions` may ask for." }),
    input: z.object({ name: z.string(), datatype: z.string(), shape: z.array(z.int()) }),
    // A new schema, because those made before `@hono/zod-openapi` was loaded lack `openapi`.
    preprocess: z.strictObject(Preprocess.shape).openapi("Preprocess"),
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
  const { name, revision, task, description, license, source, input, preprocess, output, metrics } = manifest;
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
    dimensions: output.dimensions,
    prefixes: output.prefixes,
    input,
    preprocess,
    files: Precision.options.flatMap((precision) => {
      const file = manifest.files[precision];
      return file ? [{ precision, path: file.path, bytes: file.bytes, sha256: file.sha256 }] : [];
    }),
    metrics,
  };
}
