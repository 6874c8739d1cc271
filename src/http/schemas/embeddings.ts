/** Shapes of `/v1/embeddings`: they validate requests, type the routes and write the OpenAPI document. */
import { z } from "@hono/zod-openapi";
import { MAX_INPUTS, MAX_TEXT_LENGTH, MAX_USER_LENGTH } from "../limits.ts";
import { MODEL_REFERENCE } from "../model-registry.ts";
import { SHA256 } from "../sha256.ts";

export const DEFAULT_MODEL = "unified-embedding";

export const ModelName = z.string().max(80).openapi({
  description: "`name`, or `name@revision` to refuse any other revision.",
  example: DEFAULT_MODEL,
  pattern: MODEL_REFERENCE.source,
});

export const Format = z.enum(["float", "base64", "binary"]).openapi("EncodingFormat", {
  description:
    "`float`: numbers. `base64`: little-endian float32, as OpenAI's clients ask for by default. " +
    "`binary`: base64 of the sign code, eight components a byte, most significant bit first, 1 where a " +
    "component is above 0.",
});

const Dimensions = z.int().min(1).max(8192).openapi({
  description: "Length of the embedding. Shorter ones are prefixes, scaled to length 1; models name theirs.",
  example: 256,
});

const User = z.string().max(MAX_USER_LENGTH).openapi({ description: "Accepted and ignored." });

const options = {
  model: ModelName.default(DEFAULT_MODEL),
  encoding_format: Format.default("float"),
  user: User.optional(),
};

const Reference = z.union([
  z.string().openapi({
    description: "A picture as a data URL or http(s) URL; any other string is text, which `pinclip` takes.",
    example: "data:image/jpeg;base64,/9j/…",
  }),
  z.strictObject({
    image: z.string().optional().openapi({ description: "A data URL or an http(s) URL." }),
    text: z.string().max(MAX_TEXT_LENGTH).optional().openapi({
      description: "What the picture shows, or a text by itself. Both together get one vector.",
    }),
  }),
]);

export const EmbeddingRequest = z
  .strictObject({
    input: z.union([Reference, z.array(Reference).min(1).max(MAX_INPUTS)]),
    ...options,
    dimensions: Dimensions.optional(),
  })
  .openapi("EmbeddingRequest");

const FormPicture = z.union([z.instanceof(Blob), z.string()]).openapi({
  type: "string",
  format: "binary",
  description: "A file; or text with a data URL or http(s) URL.",
});
const FormPictures = z
  .union([FormPicture, z.array(FormPicture).min(1).max(MAX_INPUTS)])
  .openapi({ type: "array", items: { type: "string", format: "binary" }, maxItems: MAX_INPUTS });

/** The same as a multipart form: `curl -F image=@photo.jpg`. */
export const EmbeddingForm = z
  .strictObject({
    image: FormPictures.optional(),
    "image[]": FormPictures.optional(),
    ...options,
    dimensions: z.coerce.number().pipe(Dimensions).optional().openapi({ type: "integer" }),
  })
  .openapi("EmbeddingForm");

/** The same for a raw `image/*` body, whose options are in the query. */
export const EmbeddingQuery = z.object({
  model: ModelName.optional().openapi({ description: "Of a raw body." }),
  encoding_format: Format.optional().openapi({ description: "Of a raw body." }),
  dimensions: z.coerce
    .number()
    .pipe(Dimensions)
    .optional()
    .openapi({ type: "integer", description: "Of a raw body." }),
});

/** The picture itself. */
export const EmbeddingBody = z.instanceof(Blob).openapi({ type: "string", format: "binary" });

export const CacheOutcome = z.enum(["edge", "store", "miss"]).openapi("CacheOutcome", {
  description:
    "`edge`: found in the cache of this location. `store`: found in the bucket of all embeddings. " +
    "`miss`: the model computed it.",
});

export const EmbeddingList = z
  .object({
    object: z.literal("list"),
    model: z.string().openapi({ example: `${DEFAULT_MODEL}@0123456789ab` }),
    data: z.array(
      z.object({
        object: z.literal("embedding"),
        index: z.int().min(0),
        embedding: z.union([z.array(z.number()), z.string()]).openapi({
          description: "Numbers, or base64 when `encoding_format` asks for it.",
        }),
        sha256: z
          .string()
          .regex(SHA256)
          .openapi({ description: "Of the picture's bytes; of a text without a picture." }),
        cache: CacheOutcome,
      }),
    ),
    usage: z
      .object({ prompt_tokens: z.int().min(0), total_tokens: z.int().min(0) })
      .openapi({ description: "Tokens of the texts, after cutting; pictures have none." }),
  })
  .openapi("EmbeddingList");
export type EmbeddingList = z.infer<typeof EmbeddingList>;

export const EmbeddingParams = z.object({
  model: ModelName.openapi({ param: { name: "model", in: "path" } }),
  sha256: z
    .string()
    .regex(SHA256, "must be 64 lower-case hexadecimal digits")
    .openapi({ param: { name: "sha256", in: "path" }, description: "SHA-256 of the picture's bytes." }),
});

export const Representation = z.enum(["json", "f32", "bits"]).openapi("Representation", {
  description:
    "`json`; `f32`: little-endian float32 (application/octet-stream); `bits`: the sign code, most significant " +
    "bit first (application/x-packed-bits). Wins over `accept`.",
});

export type Representation = z.infer<typeof Representation>;

export const StoredEmbedding = z
  .object({
    object: z.literal("embedding"),
    model: z.string(),
    sha256: z.string().regex(SHA256),
    dimensions: z.int(),
    embedding: z.array(z.number()),
  })
  .openapi("StoredEmbedding");
export type StoredEmbedding = z.infer<typeof StoredEmbedding>;
