/** Shapes of `/v1/search`. */
import { z } from "@hono/zod-openapi";
import { MAX_CURSOR_LENGTH } from "../../catalog/cursor.ts";
import { Filter } from "../../catalog/filter.ts";
import { ItemId } from "../../catalog/item.ts";
import {
  MAX_FILTER_VALUES,
  MAX_LOOK_LENGTH,
  MAX_QUERY_TEXT,
  MAX_RESULTS,
  MAX_UNLIKE,
  MAX_WEIGHT,
} from "../../catalog/limits.ts";
import { DIMENSIONS } from "../../catalog/vector-index.ts";
import { MAX_FILTER_LENGTH } from "../catalog/limits.ts";
import { MAX_FORM_FIELD_LENGTH } from "../limits.ts";
import { MAX_MODEL_REFERENCE } from "../model-registry.ts";
import { SHA256 } from "../sha256.ts";
import { Item } from "./items.ts";

const Fraction = z.number().min(0).max(1);

/** Left, top, right and bottom, as fractions of the upright picture. */
export const Crop = z
  .tuple([Fraction, Fraction, Fraction, Fraction])
  .refine(([x0, y0, x1, y1]) => x0 < x1 && y0 < y1, "the box is empty")
  .openapi({
    type: "array",
    items: { type: "number", minimum: 0, maximum: 1 },
    minItems: 4,
    maxItems: 4,
    description: "`[x0, y0, x1, y1]`: the part to search by, in fractions of the upright picture.",
    example: [0.25, 0.1, 0.75, 0.9],
  });
export type Crop = z.infer<typeof Crop>;

/** Base64 of 256 float32 has 1,368 characters. */
const BASE64_VECTOR_LENGTH = 4 * Math.ceil((DIMENSIONS * 4) / 3);

const Vector = z
  .union([
    z.array(z.number()).length(DIMENSIONS),
    z.base64().length(BASE64_VECTOR_LENGTH, `${DIMENSIONS} little-endian float32 in base64`),
  ])
  .openapi({
    description: `${DIMENSIONS} numbers, or their little-endian float32 in base64; of the catalogue's model.`,
  });

const Limit = z.int().min(1).max(MAX_RESULTS);
const Cursor = z.string().max(MAX_CURSOR_LENGTH).openapi({
  description: "`next` of the page before, with the same query.",
});
const Explain = z.boolean().openapi({ description: "Say how each result was found." });

/** One look category or several. */
const Look = z.string().min(1).max(MAX_LOOK_LENGTH);
export const Looks = z.union([Look, z.array(Look).min(1).max(MAX_FILTER_VALUES)]).openapi({
  description: "Only items with this look category, or with any of these.",
  example: ["chair", "sofa"],
});

const FilterSchema = Filter.clone().openapi("Filter", {
  description:
    "All conditions must hold. A list means any of its values; an attribute of several values has any of them. " +
    "Ranges are of numbers, both ends included.",
  example: { category: "chair", price: { max: 200 }, attributes: { colour: ["red", "orange"] } },
});

const Image = z.string().openapi({ description: "A data URL or an http(s) URL." });

const Text = z
  .string()
  .max(MAX_QUERY_TEXT)
  .regex(/\S/, "has no words")
  .openapi({ description: "What items are, in words.", example: "red dress" });

const Weight = z.number().min(0).max(MAX_WEIGHT);

/** How much words and picture count against each other. */
export const Weights = z
  .strictObject({
    text: Weight.default(1),
    image: Weight.default(1).openapi({ description: "Of the picture, the item or the vector." }),
  })
  .openapi("SearchWeights");
export type Weights = z.output<typeof Weights>;

/** One thing that results are not to be like. */
const Unlike = z
  .strictObject({
    text: Text.optional(),
    item: ItemId.optional(),
    image: Image.optional(),
    weight: Weight.default(1),
  })
  .refine(
    ({ text, item, image }) => [text, item, image].filter((one) => one !== undefined).length === 1,
    "has exactly one of text, item and image",
  )
  .openapi("SearchUnlike");

export const UnlikeList = z
  .array(Unlike)
  .max(MAX_UNLIKE)
  .openapi({
    description: "What results are not to be like, each with a weight.",
    example: [{ text: "stripes" }, { item: "dress-0042", weight: 0.5 }],
  });
export type UnlikeList = z.output<typeof UnlikeList>;

const SearchModel = z
  .string()
  .max(MAX_MODEL_REFERENCE)
  .openapi({
    description:
      "Whose vectors to compare: the picture model's, which a picture or an item alone is searched by, or the item " +
      "model's, which everything else is. A name, or `name@revision`.",
    example: "itemsage",
  });

export const SearchRequest = z
  .strictObject({
    text: Text.optional(),
    image: Image.optional(),
    item: ItemId.optional().openapi({ description: "More like this item; it is not among the results." }),
    vector: Vector.optional(),
    words: Text.optional().openapi({
      description: "`query.words` of the page before, beside its `vector`: items that say them come first.",
    }),
    crop: Crop.optional(),
    weights: Weights.optional(),
    unlike: UnlikeList.optional(),
    model: SearchModel.optional(),
    limit: Limit.default(20),
    cursor: Cursor.optional(),
    filter: FilterSchema.optional(),
    look: Looks.optional(),
    explain: Explain.default(false),
  })
  .openapi("SearchRequest");
export type SearchRequest = z.output<typeof SearchRequest>;

const options = {
  text: Text.optional(),
  weights: z.string().max(MAX_FILTER_LENGTH).optional().openapi({ description: "As in JSON, as text." }),
  unlike: z.string().max(MAX_FORM_FIELD_LENGTH).optional().openapi({ description: "As in JSON, as text." }),
  model: SearchModel.optional(),
  crop: z.string().max(200).optional().openapi({ description: "`x0,y0,x1,y1`" }),
  limit: z.coerce.number().pipe(Limit).default(20).openapi({ type: "integer" }),
  cursor: Cursor.optional(),
  filter: z.string().max(MAX_FILTER_LENGTH).optional().openapi({ description: "As in JSON, as text." }),
  look: z
    .string()
    .max(MAX_FILTER_LENGTH)
    .optional()
    .openapi({ description: "Look categories, with commas between them." }),
  explain: z.stringbool().default(false).openapi({ type: "boolean" }),
};

/** The same as a multipart form: `curl -F image=@photo.jpg`. */
export const SearchForm = z
  .strictObject({
    image: z
      .union([z.instanceof(Blob), z.string()])
      .optional()
      .openapi({ type: "string", format: "binary", description: "A file; or text, as in JSON." }),
    item: ItemId.optional(),
    ...options,
  })
  .openapi("SearchForm");
export type SearchForm = z.output<typeof SearchForm>;

/** The same for a raw `image/*` body, whose options are in the query. */
export const SearchQuery = z.object({
  ...options,
  limit: options.limit.optional(),
  explain: options.explain.optional(),
});
export type SearchQuery = z.output<typeof SearchQuery>;

const Explanation = z
  .object({
    hamming: z.int().optional().openapi({ description: "Signs in which both vectors differ, of 256." }),
    hammingRank: z.int().optional().openapi({ description: "Place by that alone, from 1." }),
    compared: z.int().optional().openapi({ description: "Vectors compared exactly to rank this page." }),
    words: z.number().optional().openapi({ description: "Share of the query's words that the item says." }),
  })
  .openapi("Explanation");

export const SearchResults = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        score: z.number().openapi({
          description:
            "Cosine of both vectors, −1 to 1; in searches by words alone, up to 0.2 more for items that say the words.",
        }),
        item: Item,
        explanation: Explanation.optional(),
      }),
    ),
    next: z.string().optional().openapi({ description: "`cursor` of the next page; none after the last." }),
    query: z
      .object({
        model: z.string().openapi({ description: "`name@revision` whose vectors were compared." }),
        vector: z.string().openapi({
          description:
            "What was searched by. With `model` and `words`, send it as `vector` for the next page, instead of words " +
            "and pictures.",
        }),
        words: z
          .string()
          .optional()
          .openapi({ description: "Words that items' own texts were looked through for." }),
        sha256: z.string().regex(SHA256).optional().openapi({ description: "Of the picture searched by." }),
      })
      .openapi({ description: "The query as it was understood." }),
  })
  .openapi("SearchResults");
