/** `POST /v1/detect`: the objects of a picture. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { pinnedName } from "../../../runtime/manifest.ts";
import { MAX_OBJECTS } from "../../../vision/object-detection.ts";
import { type AppEnv, workScope } from "../../context.ts";
import { sceneOrder } from "../../scene-order.ts";
import type { SceneService } from "../../scene-service.ts";
import { EmbeddingBody } from "../../schemas/embeddings.ts";
import { problems } from "../../schemas/problems.ts";
import { DetectForm, Detection, DetectQuery, DetectRequest } from "../../schemas/scenes.ts";
import { READ } from "../../schemas/security.ts";
import { boxOf } from "./box.ts";

const route = createRoute({
  method: "post",
  path: "/v1/detect",
  operationId: "detect",
  tags: ["Scenes"],
  security: READ,
  summary: "Find the objects in a picture",
  description:
    "As JSON, as a multipart form (`curl -F image=@room.jpg`), or as the picture itself with an `image/*` content " +
    "type and the options in the query. Objects come with the most certain first.",
  request: {
    query: DetectQuery,
    body: {
      content: {
        "application/json": { schema: DetectRequest },
        "multipart/form-data": { schema: DetectForm },
        "image/*": { schema: EmbeddingBody },
      },
    },
  },
  responses: {
    200: { description: "The objects.", content: { "application/json": { schema: Detection } } },
    ...problems(400, 401, 413, 415, 422, 424, 429, 502, 503, 504),
  },
});

interface Options {
  readonly categories?: readonly string[];
  readonly min_score?: number;
  readonly max_objects?: number;
}

export function detect(app: OpenAPIHono<AppEnv>, scenes: SceneService): void {
  app.openapi(route, async (c) => {
    const { input, options } = await sceneOrder<Options>(c);
    const { categories, min_score: minScore, max_objects: maxObjects = MAX_OBJECTS } = options;
    const scope = workScope(c);
    const work = scenes.read({ input, categories, minScore, maxObjects, vectors: false }, scope);
    // Should the client hang up, what was begun is finished and stored for its next try.
    scope.background(work);
    const { sha256, objects, cache } = await work;
    Object.assign(c.var.facts, { model: pinnedName(scenes.manifest), pictures: 1, cache: { [cache]: 1 } });
    c.header("cache-control", "no-store");
    c.header("x-corkboard-cache", cache);
    return c.json(
      {
        sha256,
        model: pinnedName(scenes.manifest),
        objects: objects.map(({ box, category, score }) => ({ box: boxOf(box), category, score })),
      },
      200,
    );
  });
}
