/** Shapes of `/v1/items`. */
import { z } from "@hono/zod-openapi";
import { ItemBody, ItemFields, ItemId, ItemLine } from "../../catalog/item.ts";
import { MAX_LINK_LENGTH, MAX_LOOK_LENGTH, MAX_PAGE } from "../../catalog/limits.ts";
import { MAX_BATCH_LINES } from "../catalog/limits.ts";
import { MAX_FORM_FIELD_LENGTH } from "../limits.ts";
import { SHA256 } from "../sha256.ts";

// Schemas made before `@hono/zod-openapi` was loaded lack `openapi`; their clones have it.

export const ItemParams = z.object({
  id: ItemId.clone().openapi({ param: { name: "id", in: "path" }, example: "chair-0042" }),
});

const Picture = z
  .object({
    sha256: z.string().regex(SHA256).optional().openapi({ description: "Missing until it was fetched." }),
    href: z
      .string()
      .optional()
      .openapi({
        description: "Where the picture is, below the API's origin. It never changes.",
        example: `/v1/pictures/${"0".repeat(64)}`,
      }),
    url: z.string().optional().openapi({ description: "Address that the picture came from." }),
    bytes: z.int().optional(),
    type: z.string().optional().openapi({ example: "image/jpeg" }),
  })
  .openapi("ItemPicture");

export const State = z.enum(["pending", "embedded", "failed"]).openapi("ItemStatus", {
  description:
    "`pending`: waits to be embedded. `embedded`: can be found. `failed`: its picture could not be embedded.",
});

const ItemState = z
  .object({
    status: State,
    attempts: z.int().optional(),
    reason: z.string().optional().openapi({ description: "Why the last attempt failed." }),
  })
  .openapi("ItemState");

export const Item = z
  .object({
    id: z.string(),
    image: Picture,
    ...ItemFields.shape,
    state: ItemState.openapi({ description: "Of its picture." }),
    states: z.object({ look: ItemState.optional(), item: ItemState.optional() }).optional().openapi({
      description:
        "How far its vectors are for what goes together (`look`), and for searches in words (`item`).",
    }),
    look: z
      .string()
      .optional()
      .openapi({
        description:
          "What it is to searches for things in pictures: from its category or title where they are clear, else " +
          "from its picture.",
        example: "chair",
      }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
    version: z.int().openapi({ description: "1 at first; one more with every change of fields or picture." }),
  })
  .openapi("Item");
export type Item = z.infer<typeof Item>;

export const ItemBodySchema = ItemBody.clone().openapi("ItemBody");

const formText = z.string().max(MAX_FORM_FIELD_LENGTH);

/** The same as a form, whose fields are all text: numbers and attributes are read from it. */
export const ItemForm = z
  .strictObject({
    image: z
      .union([z.instanceof(Blob), formText])
      .optional()
      .openapi({ type: "string", format: "binary", description: "A file; or text, as in JSON." }),
    title: formText.optional(),
    description: formText.optional(),
    category: formText.optional(),
    price: formText.optional().openapi({ type: "number" }),
    link: z.string().max(MAX_LINK_LENGTH).optional(),
    attributes: formText.optional().openapi({ description: "A JSON object." }),
  })
  .openapi("ItemForm");
export type ItemForm = z.infer<typeof ItemForm>;

/** Conditions of a write, and of a removal. */
export const WriteConditions = z.object({
  "if-match": z.string().max(100).optional().openapi({
    description: "Write only when the item has this version, as its `etag` says.",
    example: '"3"',
  }),
  "if-none-match": z
    .literal("*")
    .optional()
    .openapi({ description: "`*`: write only when there is no such item." }),
});

export const Written = z
  .object({
    id: z.string(),
    version: z.int(),
    created: z.boolean(),
    changed: z.boolean().openapi({ description: "False when the item was already so." }),
  })
  .openapi("Written");

export const ListQuery = z.object({
  cursor: z.string().optional().openapi({ description: "`next` of the page before." }),
  limit: z.coerce.number().pipe(z.int().min(1).max(MAX_PAGE)).default(50).openapi({ type: "integer" }),
  state: State.optional(),
  category: z.string().optional(),
  look: z
    .string()
    .max(MAX_LOOK_LENGTH)
    .optional()
    .openapi({ description: "Look category.", example: "chair" }),
});

export const ItemPage = z
  .object({
    items: z.array(Item),
    next: z.string().optional().openapi({ description: "`cursor` of the next page; none after the last." }),
  })
  .openapi("ItemPage");

const BatchLine = ItemLine.clone().openapi("BatchLine");

/** For the document only: the body is read line by line. */
export const BatchBody = z.string().openapi({
  description: `Up to ${MAX_BATCH_LINES} lines, each a JSON object as in \`BatchLine\`.`,
  example: '{"id":"chair-0042","image":"data:image/jpeg;base64,…","title":"Chair","price":49}\n',
});

const LineProblem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string(),
    hint: z.string().optional(),
    retryAfter: z.number().optional().openapi({ description: "Seconds after which to try again." }),
  })
  .openapi("LineProblem");

export const BatchAnswer = z
  .union([
    z.object({ line: z.int(), ok: z.literal(true), ...Written.shape }),
    z.object({ line: z.int(), ok: z.literal(false), id: z.string().optional(), problem: LineProblem }),
  ])
  .openapi("BatchAnswer", {
    description: "`line` is that of the request, from 1, empty ones counted. `ok`: it is on disk.",
  });
export type BatchAnswer = z.infer<typeof BatchAnswer>;

/** Components that no route names, because bodies of lines have no schema in OpenAPI. */
export const LINE_SCHEMAS = { BatchLine, BatchAnswer };

export const Retried = z
  .object({ retried: z.int().openapi({ description: "Failed items that wait again." }) })
  .openapi("Retried");
