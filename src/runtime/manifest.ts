/** The model manifest: all that a host, a client and a reader need to know about a model. */
import * as z from "zod";

/** Precision of a model file. `fp32` files may store their weights in fp16; the arithmetic is fp32. */
export const Precision = z.enum(["int8", "fp16", "fp32"]);
export type Precision = z.infer<typeof Precision>;

const DataTypeSchema = z.enum(["UINT8", "INT8", "INT32", "INT64", "FP16", "FP32"]);
const Shape = z.array(z.int().min(-1)).min(1).max(8);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "must be 64 lower-case hex digits");
const Channels = z.tuple([z.number(), z.number(), z.number()]);
const Side = z.int().min(1).max(4096);

/** How pixels become the input tensor. Resampling is antialiased bilinear, as Pillow's `BILINEAR`. */
export const Preprocess = z.strictObject({
  width: Side,
  height: Side,
  /** `stretch`: ignore the aspect ratio. `cover`: fill and crop the centre. `contain`: fit and pad. */
  fit: z.enum(["stretch", "cover", "contain"]),
  /** RGB behind transparent pixels and around a contained picture. */
  background: z.tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)]),
  layout: z.enum(["NHWC", "NCHW"]),
  /** value = (pixel / 255 - mean) / std, per channel. Absent: the model takes pixels as UINT8. */
  normalize: z.strictObject({ mean: Channels, std: Channels }).optional(),
});
export type Preprocess = z.infer<typeof Preprocess>;

export const ModelFile = z.strictObject({
  /** File name beside the manifest. */
  path: z.string().regex(/^[\w][\w.-]*$/, "must be a plain file name"),
  bytes: z.int().positive(),
  sha256: Sha256,
});
export type ModelFile = z.infer<typeof ModelFile>;

/** One input or output of a model; a first dimension of −1 is the batch. */
const TensorDeclaration = z.strictObject({ name: z.string().min(1), datatype: DataTypeSchema, shape: Shape });

/** What every model has, whatever it is for. */
const common = {
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, "must be lower-case letters, digits, dots and dashes"),
  /** First 12 hex digits of the sha256 of everything that decides what the model answers: see `revisionOf`. */
  revision: z.string().regex(/^[0-9a-f]{12}$/, "must be 12 lower-case hex digits"),
  description: z.string().min(1).max(500),
  license: z.string().min(1),
  source: z.string().min(1),
  input: TensorDeclaration,
  files: z
    .partialRecord(Precision, ModelFile)
    .refine((files) => Object.keys(files).length > 0, "needs a file"),
  training: z.strictObject({ data: z.array(z.string()), recipe: z.string() }).optional(),
  /** Measured figures, as the model card explains them. */
  metrics: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
};

/** Pictures to vectors. */
export const ImageEmbeddingManifest = z.strictObject({
  ...common,
  task: z.literal("image-embedding"),
  preprocess: Preprocess,
  output: TensorDeclaration.extend({
    /** Length of an embedding. */
    dimensions: z.int().min(1).max(8192),
    /** Prefix lengths that are embeddings by themselves (Matryoshka), the full length left out. */
    prefixes: z.array(z.int().positive()).default([]),
    /** Whether the model returns vectors of unit length; else the caller normalises. */
    normalized: z.boolean(),
  }),
  /** Feature maps that the model answers beside the embedding, for heads that share its backbone. */
  maps: z.array(TensorDeclaration).min(1).optional(),
});
export type ImageEmbeddingManifest = z.infer<typeof ImageEmbeddingManifest>;

/** Pictures to boxes, as one-stage detectors predict them: anchor-free, decoded as in YOLOX (arXiv 2107.08430). */
export const ObjectDetectionManifest = z.strictObject({
  ...common,
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
  task: z.literal("look-compatibility"),
  outputs: z.array(TensorDeclaration).min(1),
  compatibility: z.strictObject({
    /** The model whose feature map is the input, as `name@revision`. */
    backbone: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}@[0-9a-f]{12}$/, "must be name@revision"),
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

export const ModelManifest = z.discriminatedUnion("task", [
  ImageEmbeddingManifest,
  ObjectDetectionManifest,
  LookCompatibilityManifest,
]);
export type ModelManifest = z.infer<typeof ModelManifest>;

/** An input or output as a manifest declares it. */
export type TensorDeclaration = z.infer<typeof TensorDeclaration>;

export { outputsOf } from "./manifest-outputs.ts";

/** Members that say something about a model, but decide nothing that it answers. */
type Descriptive = "revision" | "description" | "license" | "source" | "training" | "metrics" | "task";
type Decisive<Manifest> = Manifest extends unknown ? Omit<Manifest, Descriptive> : never;

/** Canonical JSON (sorted keys, no spaces) of what decides a model's answers; its sha256 names the revision. */
export function revisionSource(manifest: Decisive<ModelManifest>): string {
  const files = Object.fromEntries(Object.entries(manifest.files).map(([key, file]) => [key, file.sha256]));
  const decisive: Record<string, unknown> = { files };
  for (const key of DECISIVE) if (key in manifest) decisive[key] = manifest[key as keyof typeof manifest];
  return canonicalJson(decisive);
}

const DECISIVE = [
  "name",
  "input",
  "preprocess",
  "output",
  "maps",
  "outputs",
  "detection",
  "compatibility",
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
