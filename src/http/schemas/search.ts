/** Shapes of `/v1/search`. */
import { z } from "@hono/zod-openapi";
import { MAX_CURSOR_LENGTH } from "../../catalog/cursor.ts";
import { Filter } from "../../catalog/filter.ts";
import { ItemId } from "../../catalog/item.ts";
import { MAX_FILTER_VALUES, MAX_LOOK_LENGTH, MAX_RESULTS } from "../../catalog/limits.ts";
import { DIMENSIONS } from "../../catalog/vector-index.ts";
import { MAX_FILTER_LENGTH } from "../catalog/limits.ts";
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

export const SearchRequest = z
  .strictObject({
    image: z.string().optional().openapi({ description: "A data URL or an http(s) URL." }),
    text: z.string().optional().openapi({ description: "Refused until there is a model for text." }),
    item: ItemId.optional().openapi({ description: "More like this item; it is not among the results." }),
    vector: Vector.optional(),
    crop: Crop.optional(),
    limit: Limit.default(20),
    cursor: Cursor.optional(),
    filter: FilterSchema.optional(),
    look: Looks.optional(),
    explain: Explain.default(false),
  })
  .openapi("SearchRequest");
export type SearchRequest = z.output<typeof SearchRequest>;

const options = {
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
      .openapi({ type: "string", format: "binary", description: "A file; or text, as in JSON." }),
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
  })
  .openapi("Explanation");

export const SearchResults = z
  .object({
    results: z.array(
      z.object({
        id: z.string(),
        score: z.number().openapi({ description: "Cosine of both vectors, −1 to 1." }),
        item: Item,
        explanation: Explanation.optional(),
      }),
    ),
    next: z.string().optional().openapi({ description: "`cursor` of the next page; none after the last." }),
    query: z
      .object({
        sha256: z.string().regex(SHA256),
        vector: z.string().openapi({
          description: "What was searched by: send it as `vector` for the next page, instead of the picture.",
        }),
      })
      .optional()
      .openapi({ description: "Of searches by picture." }),
  })
  .openapi("SearchResults");
