/** The model manifest: all that a host, a client and a reader need to know about a model, by what it is for. */
import * as z from "zod";
import {
  common,
  EmbeddingOutput,
  ModelFile,
  PinnedName,
  Preprocess,
  TensorDeclaration,
} from "./manifest-common.ts";
import { SequenceRankingManifest } from "./manifest-sequence.ts";

export { ModelFile, Precision, Preprocess, type TensorDeclaration } from "./manifest-common.ts";
export { pinnedName, revisionSource } from "./manifest-revision.ts";
export { SequenceRankingManifest } from "./manifest-sequence.ts";
export { filesOf, inputsOf, outputsOf } from "./manifest-tensors.ts";

/** Pictures to vectors. */
export const ImageEmbeddingManifest = z.strictObject({
  ...common,
  input: TensorDeclaration,
  task: z.literal("image-embedding"),
  preprocess: Preprocess,
  output: EmbeddingOutput,
  /** Feature maps that the model answers beside the embedding, for heads that share its backbone. */
  maps: z.array(TensorDeclaration).min(1).optional(),
  /** The models that embed words, and pictures with words, into the same space. */
  joint: z.strictObject({ text: PinnedName, fusion: PinnedName }).optional(),
});
export type ImageEmbeddingManifest = z.infer<typeof ImageEmbeddingManifest>;

/** Pictures to boxes, as one-stage detectors predict them: anchor-free, decoded as in YOLOX (arXiv 2107.08430). */
export const ObjectDetectionManifest = z.strictObject({
  ...common,
  input: TensorDeclaration,
  task: z.literal("object-detection"),
  preprocess: Preprocess,
  outputs: z.array(TensorDeclaration).min(1),
  detection: z
    .strictObject({
      /** Names of the classes, in the order of their channels where a level names none. */
      categories: z.array(z.string().min(1).max(64)).min(1).max(1024),
      /** Categories that belong to one kind of scene, such as `fashion` and `home`. */
      groups: z.record(z.string(), z.array(z.string())).default({}),
      /** Names of the outputs of each level, NHWC: raw box offsets [4], objectness [1] and class logits [C]. */
      levels: z
        .array(
          z.strictObject({
            stride: z.int().min(1).max(256),
            boxes: z.string(),
            objectness: z.string(),
            classes: z.string(),
            /** The category of each class channel; several may share one. Absent: all `categories`, in order. */
            channels: z.array(z.string().min(1).max(64)).min(1).max(1024).optional(),
          }),
        )
        .min(1),
      /** Default of the least score, and the overlap above which the weaker of two boxes of a class is dropped. */
      score_threshold: z.number().min(0).max(1),
      iou_threshold: z.number().min(0).max(1),
    })
    .refine(
      ({ categories, levels }) =>
        levels.every(({ channels = [] }) => channels.every((name) => categories.includes(name))),
      "every channel needs to be one of the categories",
    ),
});
export type ObjectDetectionManifest = z.infer<typeof ObjectDetectionManifest>;

/** Feature maps to what goes together ("Complete the Look", arXiv 1812.01748). */
export const LookCompatibilityManifest = z.strictObject({
  ...common,
  input: TensorDeclaration,
  task: z.literal("look-compatibility"),
  outputs: z.array(TensorDeclaration).min(1),
  compatibility: z.strictObject({
    /** The model whose feature map is the input, as `name@revision`. */
    backbone: PinnedName,
    /** Which of its maps. */
    map: z.string().min(1),
    /** Names of the product categories that have an attention of their own. */
    categories: z.array(z.string().min(1).max(64)).min(1).max(1024),
    /** Length of products' and queries' vectors. */
    dimensions: z.int().min(1).max(8192),
    /** Rows and columns of the attention. */
    regions: z.tuple([z.int().positive(), z.int().positive()]),
  }),
});
export type LookCompatibilityManifest = z.infer<typeof LookCompatibilityManifest>;

/** Words to vectors of the space of some model for pictures. The input is token numbers, padded. */
export const TextEmbeddingManifest = z.strictObject({
  ...common,
  task: z.literal("text-embedding"),
  input: TensorDeclaration,
  text: z.strictObject({
    /** A `tokenizer.json` of Hugging Face's tokenizers, beside the manifest. */
    tokenizer: ModelFile,
    /** Tokens that a text is cut to, those that mark its ends included. */
    max_tokens: z.int().min(2).max(8192),
    /** Fills shorter texts up; the model does not look at it. */
    pad_id: z.int().min(0),
    /** Lengths that texts are filled up to, the shortest that suffices. Absent: a text is as long as it is. */
    lengths: z.array(z.int().positive()).min(1).max(8).optional(),
  }),
  output: EmbeddingOutput,
});
export type TextEmbeddingManifest = z.infer<typeof TextEmbeddingManifest>;

/** A picture's vector and a text's to one for both. The inputs are `image` and `text`; a row of zeros is missing. */
export const EmbeddingFusionManifest = z.strictObject({
  ...common,
  task: z.literal("embedding-fusion"),
  inputs: z.array(TensorDeclaration).length(2),
  output: EmbeddingOutput,
});
export type EmbeddingFusionManifest = z.infer<typeof EmbeddingFusionManifest>;

/** Fields of an item that have words. */
export const ItemField = z.enum(["title", "description", "category", "attributes"]);
export type ItemField = z.infer<typeof ItemField>;

/** All pictures and texts of an item to one vector ("ItemSage", arXiv 2205.11728). */
export const ItemEmbeddingManifest = z.strictObject({
  ...common,
  task: z.literal("item-embedding"),
  /** `pictures`: n×P×(unified ⊕ pinclip), `texts`: n×F×(text), `ngrams`: n×F×G hashes; zeros where there is nothing. */
  inputs: z.array(TensorDeclaration).length(3),
  item: z.strictObject({
    /** The frozen models whose vectors are the inputs, and whose queries find the answer. */
    encoders: z.strictObject({ unified: PinnedName, pinclip: PinnedName, text: PinnedName }),
    /** Order of the fields in `texts` and `ngrams`. */
    fields: z.array(ItemField).min(1),
    /** Most pictures of an item. */
    max_pictures: z.int().min(1).max(64),
    /** Hashes of a field's n-grams, filled up with zeros. */
    ngrams: z.int().min(1).max(4096),
  }),
  output: EmbeddingOutput,
});
export type ItemEmbeddingManifest = z.infer<typeof ItemEmbeddingManifest>;

/** Features of a candidate to the probabilities of what somebody will do with it. */
export const RankingManifest = z
  .strictObject({
    ...common,
    task: z.literal("ranking"),
    /** n×(features) */
    input: TensorDeclaration,
    /** `probabilities`, n×(actions). */
    outputs: z.array(TensorDeclaration).length(1),
    ranking: z.strictObject({
      /** Names of the input's columns. */
      features: z.array(z.string().min(1).max(64)).min(1).max(1024),
      /** Names of the output's columns. */
      actions: z.array(z.string().min(1).max(64)).min(1).max(64),
      /** The model whose vectors the features were computed of, as `name@revision`. */
      content: PinnedName,
    }),
  })
  .refine(
    ({ input, outputs: [output], ranking: { features, actions } }) =>
      input.shape.join() === `-1,${features.length}` && output?.shape.join() === `-1,${actions.length}`,
    "input and output need a column for every feature and action",
  );
export type RankingManifest = z.infer<typeof RankingManifest>;

/** A model that any host serves: one graph, one inference. */
export const ModelManifest = z.discriminatedUnion("task", [
  ImageEmbeddingManifest,
  TextEmbeddingManifest,
  EmbeddingFusionManifest,
  ItemEmbeddingManifest,
  ObjectDetectionManifest,
  LookCompatibilityManifest,
  RankingManifest,
]);
export type ModelManifest = z.infer<typeof ModelManifest>;

/** Whatever lies in a models folder. */
export const AnyManifest = z.discriminatedUnion("task", [...ModelManifest.options, SequenceRankingManifest]);
export type AnyManifest = z.infer<typeof AnyManifest>;

/** Whether a host of single inferences can serve a model; the others are an origin's. */
export function isHosted(manifest: AnyManifest): manifest is ModelManifest {
  return manifest.task !== "sequence-ranking";
}
