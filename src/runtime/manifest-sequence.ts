/** The manifest of a model that runs as three graphs over one cache of keys and values: retrieval and ranking of a feed. */
import * as z from "zod";
import { common, ModelFile, PinnedName, Precision, TensorDeclaration } from "./manifest-common.ts";

const { files: _, ...about } = common;

const Graph = z.strictObject({
  inputs: z.array(TensorDeclaration).min(1),
  outputs: z.array(TensorDeclaration).min(1),
  files: z
    .partialRecord(Precision, ModelFile)
    .refine((files) => Object.keys(files).length > 0, "needs a file"),
});

export const SEQUENCE_GRAPHS = ["item", "history", "candidates"] as const;
export type SequenceGraph = (typeof SEQUENCE_GRAPHS)[number];

const Names = z
  .array(z.string().max(64))
  .min(1)
  .max(64)
  .refine((names) => new Set(names).size === names.length, "names one twice");

const figures = {
  /** The model whose vectors of items go in. */
  content: z.strictObject({ model: PinnedName, dimensions: z.int().min(1).max(8192) }),
  /** Order of the components of a token's actions, and of the probabilities. */
  actions: Names,
  /** Where an action happened, by number; the first stands for unknown. */
  surfaces: Names,
  /** Most tokens of a history, without the START token. */
  max_history: z.int().min(1).max(16_384),
  /** Most candidates that are ranked at once. */
  max_candidates: z.int().min(1).max(16_384),
  layers: z.int().min(1).max(256),
  heads: z.int().min(1).max(256),
  /** Length of a key or value of one head. */
  head_dimensions: z.int().min(1).max(1024),
  /** Length of item and query vectors. */
  dimensions: z.int().min(1).max(8192),
};

/**
 * A history of actions to a query vector, and on the same keys and values to probabilities of actions on candidates
 * ("UniPinRec", arXiv 2606.00422). It runs on an origin; hosts of single inferences leave it out.
 */
export const SequenceRankingManifest = z
  .strictObject({
    ...about,
    task: z.literal("sequence-ranking"),
    ...figures,
    graphs: z.strictObject({ item: Graph, history: Graph, candidates: Graph }),
    /** Keys, then values of the START token: little-endian float32 [2, layers, heads, head_dimensions]. */
    start: ModelFile,
  })
  .superRefine((manifest, context) => {
    const expected = sequenceTensors(manifest);
    for (const graph of SEQUENCE_GRAPHS) {
      for (const side of ["inputs", "outputs"] as const) {
        const [declared, wanted] = [manifest.graphs[graph][side], expected[graph][side]].map(listed);
        if (declared === wanted) continue;
        const message = `must be ${wanted}`;
        context.addIssue({ code: "custom", path: ["graphs", graph, side], message });
      }
    }
    const { layers, heads, head_dimensions: head, start } = manifest;
    const bytes = 2 * layers * heads * head * Float32Array.BYTES_PER_ELEMENT;
    if (start.bytes !== bytes) {
      context.addIssue({ code: "custom", path: ["start", "bytes"], message: `must be ${bytes}` });
    }
  });
export type SequenceRankingManifest = z.infer<typeof SequenceRankingManifest>;

type Figures = Omit<z.infer<z.ZodObject<typeof figures>>, "max_history" | "max_candidates">;
type Tensors = readonly TensorDeclaration[];

/** What the graphs take and answer, by the model's figures. Files of fp16 have FP16 for FP32. */
export function sequenceTensors(
  manifest: Figures,
): Readonly<Record<SequenceGraph, { readonly inputs: Tensors; readonly outputs: Tensors }>> {
  const { content, actions, layers, heads, head_dimensions: head, dimensions } = manifest;
  const floats = (name: string, ...shape: number[]) => ({ name, datatype: "FP32" as const, shape });
  const numbers = (name: string, ...shape: number[]) => ({ name, datatype: "INT64" as const, shape });
  const cache = (name: string) => floats(name, layers, -1, heads, -1, head);
  return {
    item: { inputs: [floats("content", -1, content.dimensions)], outputs: [floats("item", -1, dimensions)] },
    history: {
      inputs: [
        floats("items", -1, -1, dimensions),
        floats("actions", -1, -1, actions.length),
        floats("gaps", -1, -1),
        numbers("surfaces", -1, -1),
        numbers("lengths", -1),
        cache("past_keys"),
        cache("past_values"),
      ],
      outputs: [floats("query", -1, dimensions), cache("keys"), cache("values")],
    },
    candidates: {
      inputs: [
        floats("items", -1, -1, dimensions),
        floats("gap", -1),
        numbers("surface", -1),
        cache("keys"),
        cache("values"),
        numbers("lengths", -1),
      ],
      outputs: [floats("probabilities", -1, -1, actions.length)],
    },
  };
}

/** Tensors in the order of their names, as text. */
function listed(tensors: Tensors): string {
  const texts = tensors.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(",")}]`);
  return texts.sort().join(", ");
}
