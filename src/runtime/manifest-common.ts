/** What manifests of every kind are made of. */
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

/** One input or output of a model; a first dimension of −1 is the batch, a later one is free too. */
export const TensorDeclaration = z.strictObject({
  name: z.string().min(1),
  datatype: DataTypeSchema,
  shape: Shape,
});
export type TensorDeclaration = z.infer<typeof TensorDeclaration>;

/** A model that another one was made for, as `name@revision`. */
export const PinnedName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,62}@[0-9a-f]{12}$/, "must be name@revision");

/** The vectors that a model answers. */
export const EmbeddingOutput = TensorDeclaration.extend({
  /** Length of an embedding. */
  dimensions: z.int().min(1).max(8192),
  /** Prefix lengths that are embeddings by themselves (Matryoshka), the full length left out. */
  prefixes: z.array(z.int().positive()).default([]),
  /** Whether the model returns vectors of unit length; else the caller normalises. */
  normalized: z.boolean(),
});

/** What every model has, whatever it is for. */
export const common = {
  $schema: z.string().optional(),
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/, "must be lower-case letters, digits, dots and dashes"),
  /** First 12 hex digits of the sha256 of everything that decides what the model answers: see `revisionOf`. */
  revision: z.string().regex(/^[0-9a-f]{12}$/, "must be 12 lower-case hex digits"),
  description: z.string().min(1).max(500),
  license: z.string().min(1),
  source: z.string().min(1),
  files: z
    .partialRecord(Precision, ModelFile)
    .refine((files) => Object.keys(files).length > 0, "needs a file"),
  training: z.strictObject({ data: z.array(z.string()), recipe: z.string() }).optional(),
  /** Measured figures, as the model card explains them. */
  metrics: z.record(z.string(), z.union([z.number(), z.string()])).default({}),
};
