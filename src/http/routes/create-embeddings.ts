/** `POST /v1/embeddings`: pictures to embeddings, as OpenAI's clients ask for them. */
import { createRoute, type OpenAPIHono, type z } from "@hono/zod-openapi";
import { type ImageEmbeddingManifest, pinnedName } from "../../runtime/manifest.ts";
import { type AppEnv, type CacheOutcome, workScope } from "../context.ts";
import { encodeEmbedding } from "../embedding-bytes.ts";
import { type EmbeddingInput, TextInputError } from "../embedding-input.ts";
import { checkDimensions, orderFromBody, orderFromForm, orderFromJson } from "../embedding-order.ts";
import type { EmbeddingService } from "../embedding-service.ts";
import { embedInputs } from "../joint-embedding.ts";
import type { ModelRegistry } from "../model-registry.ts";
import type { EmbeddedPicture } from "../picture-pipeline.ts";
import { refusal } from "../refused-inputs.ts";
import {
  EmbeddingBody,
  EmbeddingForm,
  EmbeddingList,
  EmbeddingQuery,
  EmbeddingRequest,
} from "../schemas/embeddings.ts";
import { problems } from "../schemas/problems.ts";
import type { TextService } from "../text-service.ts";

const route = createRoute({
  method: "post",
  path: "/v1/embeddings",
  operationId: "createEmbeddings",
  tags: ["Embeddings"],
  summary: "Embed pictures and texts",
  description:
    "Takes one picture or up to 64, as JSON, as a multipart form (`curl -F image=@photo.jpg`), or as the body " +
    "itself with an `image/*` content type and the options in the query. All or nothing: when pictures are " +
    "refused, `errors` names each. Pictures that were embedded before are answered from the cache.",
  request: {
    query: EmbeddingQuery,
    body: {
      content: {
        "application/json": { schema: EmbeddingRequest },
        "multipart/form-data": { schema: EmbeddingForm },
        "image/*": { schema: EmbeddingBody },
      },
    },
  },
  responses: {
    200: {
      description: "Embeddings of unit length, in the order of the inputs.",
      headers: {
        "x-corkboard-cache": {
          description: "Where the embeddings were: `miss` when a model computed at least one.",
          schema: { type: "string", enum: ["edge", "store", "miss"] },
        },
        "server-timing": { description: "Milliseconds of each stage.", schema: { type: "string" } },
      },
      content: { "application/json": { schema: EmbeddingList } },
    },
    ...problems(400, 404, 413, 415, 422, 424, 502, 503, 504),
  },
});

/** Far to near: what a model computed outweighs what was stored. */
const OUTCOMES: readonly CacheOutcome[] = ["miss", "store", "edge"];

export function createEmbeddings(
  app: OpenAPIHono<AppEnv>,
  { service, texts, models }: { service: EmbeddingService; texts: TextService; models: ModelRegistry },
): void {
  app.openapi(route, async (c) => {
    const contentType = c.req.header("content-type") ?? "";
    const order = /^image\//i.test(contentType)
      ? orderFromBody(await c.req.blob(), c.req.valid("query"))
      : /^application\//i.test(contentType) && !/urlencoded/i.test(contentType)
        ? orderFromJson(c.req.valid("json") as z.output<typeof EmbeddingRequest>)
        : orderFromForm(c.req.valid("form") as z.output<typeof EmbeddingForm>);
    const manifest = models.findEmbedding(order.model);
    checkDimensions(order.dimensions, manifest);
    if (!manifest.joint) refuseTexts(order.inputs, manifest, models);
    const scope = workScope(c);
    const work = embedInputs(order.inputs, manifest, { pictures: service, texts }, scope);
    // Should the client hang up, what was begun is finished and stored for its next try.
    scope.background(work);
    const { results, tokens } = await work;
    const outcomes = countOutcomes(results);
    Object.assign(c.var.facts, { model: pinnedName(manifest), pictures: results.length, cache: outcomes });
    c.header("cache-control", "no-store");
    c.header("x-corkboard-cache", OUTCOMES.find((outcome) => outcomes[outcome]) ?? "miss");
    return c.json(
      {
        object: "list" as const,
        model: pinnedName(manifest),
        data: results.map(({ sha256, embedding, cache }, index) => ({
          object: "embedding" as const,
          index,
          embedding: encodeEmbedding(embedding, order.format, order.dimensions),
          sha256,
          cache,
        })),
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      },
      200,
    );
  });
}

/** @throws {TextInputError} {RefusedInputsError} when there are texts, which the model does not take */
function refuseTexts(
  inputs: readonly EmbeddingInput[],
  manifest: ImageEmbeddingManifest,
  models: ModelRegistry,
): void {
  const problem = new TextInputError(
    manifest.name,
    models.joint().map(({ name }) => name),
  );
  const refused = inputs.flatMap(({ text }, index) => (text === undefined ? [] : [{ index, problem }]));
  if (refused.length > 0) throw refusal(refused, inputs.length);
}

function countOutcomes(pictures: readonly EmbeddedPicture[]): Partial<Record<CacheOutcome, number>> {
  const counts: Partial<Record<CacheOutcome, number>> = {};
  for (const { cache } of pictures) counts[cache] = (counts[cache] ?? 0) + 1;
  return counts;
}
