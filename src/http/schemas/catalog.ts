/** Shapes of `/v1/catalog` and `/v1/duplicates`. */
import { z } from "@hono/zod-openapi";
import { MAX_COUNTED_FOR_DUPLICATES } from "../catalog/limits.ts";

const States = z.object({ pending: z.int(), embedded: z.int(), failed: z.int() });

/** How far the catalogue is in one role. */
const RoleProgress = z
  .object({
    model: z.string().openapi({ description: "`name@revision` that items are embedded with." }),
    states: States.openapi({ description: "Items by their state." }),
    total: z.int(),
    next: z.object({ model: z.string(), states: States }).optional().openapi({
      description: "The current revision, while items are embedded with it and the older one answers.",
    }),
  })
  .openapi("RoleProgress");

export const Overview = z
  .object({
    items: z.int(),
    states: States.openapi({ description: "Items by whether their picture can be found." }),
    roles: z
      .object({ picture: RoleProgress, look: RoleProgress.optional(), item: RoleProgress.optional() })
      .openapi({ description: "What items are embedded for, and how far that is." }),
    categories: z
      .array(z.object({ category: z.string(), items: z.int() }))
      .openapi({ description: "Largest first." }),
    nearDuplicates: z
      .int()
      .nullable()
      .openapi({
        description:
          "Items whose picture is nearly another's, as counted within the last minute; null in catalogues " +
          `of more than ${MAX_COUNTED_FOR_DUPLICATES} items: read /v1/duplicates there.`,
      }),
    model: z.string().openapi({ description: "`name@revision` that pictures are searched by." }),
    shards: z.int(),
    storageBytes: z.int().openapi({ description: "Of items and vectors, without pictures." }),
  })
  .openapi("Catalog");

export const Duplicate = z
  .object({
    id: z.string(),
    by: z
      .enum(["picture", "look"])
      .openapi({ description: "`picture`: the same bytes. `look`: nearly alike." }),
    score: z.number().optional().openapi({ description: "Cosine, where both have vectors." }),
  })
  .openapi("Duplicate");

export const Duplicates = z.object({ id: z.string(), duplicates: z.array(Duplicate) }).openapi("Duplicates");

export const DuplicateReport = z
  .object({
    groups: z
      .array(Duplicates)
      .openapi({ description: "Each item with those after it, so that every pair is named once." }),
    next: z.string().optional().openapi({
      description: "`cursor` of the next page; a page without groups may have one.",
    }),
  })
  .openapi("DuplicateReport");
