/** Shapes of `/v1/detect`, `/v1/shop-the-look` and `/v1/complete-the-look`. */
import { z } from "@hono/zod-openapi";
import { Filter } from "../../catalog/filter.ts";
import { ItemId } from "../../catalog/item.ts";
import { MAX_EXCLUDED } from "../../catalog/limits.ts";
import { MAX_OBJECTS } from "../../vision/object-detection.ts";
import { MAX_FILTER_LENGTH } from "../catalog/limits.ts";
import { MIN_OBJECT_SCORE } from "../limits.ts";
import { SHA256 } from "../sha256.ts";
import { Item } from "./items.ts";

/** Products that one object, or one look, may ask for. */
const MAX_PRODUCTS = 50;

const MAX_CATEGORY_LENGTH = 64;
const Category = z.string().min(1).max(MAX_CATEGORY_LENGTH);
const Categories = z
  .array(Category)
  .min(1)
  .max(64)
  .openapi({
    description: "Look for these only. `GET /v1/models/shop-the-look` names all.",
    example: ["chair", "lamp"],
  });
const MinScore = z.number().min(MIN_OBJECT_SCORE).max(1).openapi({
  description: "Leave out objects that are less certain than this.",
});
const MaxObjects = z.int().min(1).max(MAX_OBJECTS);
const Products = z.int().min(1).max(MAX_PRODUCTS);

/** Options as text, in forms and queries. */
const text = {
  categories: z
    .string()
    .max(64 * (MAX_CATEGORY_LENGTH + 1))
    .transform((list) => list.split(",").map((name) => name.trim()))
    .pipe(Categories)
    .openapi({ type: "string", description: "Separated by commas.", example: "chair,lamp" }),
  number: <Schema extends z.ZodNumber | z.ZodInt>(schema: Schema) =>
    z.coerce.number().pipe(schema).openapi({ type: "number" }),
  flag: z.stringbool().openapi({ type: "boolean" }),
  filter: z.string().max(MAX_FILTER_LENGTH).openapi({ description: "As in JSON, as text." }),
  list: z
    .string()
    .max(MAX_EXCLUDED * 200)
    .transform((list) => list.split(",").map((id) => id.trim()))
    .pipe(z.array(ItemId).max(MAX_EXCLUDED))
    .openapi({ type: "string", description: "Separated by commas." }),
};

const image = z
  .string()
  .openapi({ description: "A data URL or an http(s) URL.", example: "data:image/jpeg;base64,/9j/…" });
const upload = z
  .union([z.instanceof(Blob), z.string()])
  .openapi({ type: "string", format: "binary", description: "A file; or text, as in JSON." });

export const DetectRequest = z
  .strictObject({
    image,
    categories: Categories.optional(),
    min_score: MinScore.optional(),
    max_objects: MaxObjects.default(MAX_OBJECTS),
  })
  .openapi("DetectRequest");

const detectText = {
  categories: text.categories.optional(),
  min_score: text.number(MinScore).optional(),
  max_objects: text.number(MaxObjects).optional(),
};
export const DetectForm = z.strictObject({ image: upload, ...detectText }).openapi("DetectForm");
export const DetectQuery = z.object(detectText);

const Gate = z.boolean().openapi({ description: "Only products of the object's own category." });
const FilterSchema = Filter.clone().openapi("SceneFilter", { description: "As in `POST /v1/search`." });

export const ShopRequest = z
  .strictObject({
    image,
    categories: Categories.optional(),
    min_score: MinScore.optional(),
    max_objects: MaxObjects.default(10),
    products: Products.default(5).openapi({ description: "Products for each object." }),
    gate: Gate.default(true),
    filter: FilterSchema.optional(),
  })
  .openapi("ShopTheLookRequest");

const shopText = {
  ...detectText,
  products: text.number(Products).optional(),
  gate: text.flag.optional(),
  filter: text.filter.optional(),
};
export const ShopForm = z.strictObject({ image: upload, ...shopText }).openapi("ShopTheLookForm");
export const ShopQuery = z.object(shopText);

export const CompleteRequest = z
  .strictObject({
    image,
    category: Category.optional().openapi({
      description: "What is looked for. Left out: what goes with the picture and is not seen in it.",
      example: "shoes",
    }),
    limit: Products.default(20),
    filter: FilterSchema.optional(),
    exclude: z.array(ItemId).max(MAX_EXCLUDED).default([]).openapi({ description: "Items to leave out." }),
    attention: z.boolean().default(false).openapi({
      description: "Say which regions of the picture each category looks at.",
    }),
  })
  .openapi("CompleteTheLookRequest");

const completeText = {
  category: Category.optional(),
  limit: text.number(Products).optional(),
  filter: text.filter.optional(),
  exclude: text.list.optional(),
  attention: text.flag.optional(),
};
export const CompleteForm = z.strictObject({ image: upload, ...completeText }).openapi("CompleteTheLookForm");
export const CompleteQuery = z.object(completeText);

const Fraction = z.number().min(0).max(1);
const seen = {
  box: z.tuple([Fraction, Fraction, Fraction, Fraction]).openapi({
    type: "array",
    items: { type: "number", minimum: 0, maximum: 1 },
    minItems: 4,
    maxItems: 4,
    description: "`[x0, y0, x1, y1]` in fractions of the upright picture.",
    example: [0.12, 0.4, 0.38, 0.91],
  }),
  category: z.string().openapi({ example: "chair" }),
  score: Fraction.openapi({ description: "How certain the detector is." }),
};
const Product = z.object({
  id: z.string(),
  score: z.number().openapi({ description: "Cosine, −1 to 1." }),
  item: Item,
});
const sha256 = z.string().regex(SHA256).openapi({ description: "Of the picture's bytes." });

export const Detection = z
  .object({ sha256, model: z.string(), objects: z.array(z.object(seen).openapi("DetectedObject")) })
  .openapi("Detection");

export const ShoppableScene = z
  .object({
    sha256,
    model: z.string(),
    objects: z.array(z.object({ ...seen, products: z.array(Product) }).openapi("ShoppableObject")),
  })
  .openapi("ShoppableScene");

const Attention = z
  .object({
    rows: z.int(),
    columns: z.int(),
    weights: z.record(z.string(), z.array(z.number())).openapi({
      description:
        "For each category with an attention of its own, the weight of every region, row by row; they add up to 1.",
    }),
  })
  .openapi("Attention");

export const CompletedLook = z
  .object({
    sha256,
    model: z.string(),
    categories: z.array(z.string()).openapi({ description: "What was looked for." }),
    results: z.array(
      Product.extend({
        category: z.string(),
        score: z.number().openapi({
          description:
            "1 − half the compatibility distance of the paper, −1 to 1: more goes better together.",
        }),
      }),
    ),
    attention: Attention.optional(),
  })
  .openapi("CompletedLook");
