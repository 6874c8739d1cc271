/** `GET /v1/embeddings/{model}/{sha256}`: a known embedding by its content address. */
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { accepts } from "hono/accepts";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import { Problem } from "../../problem.ts";
import { pinnedName } from "../../runtime/manifest.ts";
import { type Embedding, signCode } from "../../vision/unified-embedding.ts";
import type { EmbeddingCache } from "../cache/embedding-cache.ts";
import { type EmbeddingKey, embeddingPath } from "../cache/embedding-key.ts";
import { type AppContext, type AppEnv, workScope } from "../context.ts";
import { toFloat32Bytes } from "../embedding-bytes.ts";
import { BARE_NAME_MAX_AGE_SECONDS } from "../limits.ts";
import type { ModelRegistry } from "../model-registry.ts";
import { EmbeddingParams, Representation, StoredEmbedding } from "../schemas/embeddings.ts";
import { problems } from "../schemas/problems.ts";

/** Nobody has embedded this picture with this model yet. */
export class EmbeddingNotFoundError extends Problem {
  constructor({ model, revision, sha256 }: EmbeddingKey) {
    super({
      status: 404,
      code: "embedding-not-found",
      title: "No such embedding",
      detail: `There is no embedding of ${sha256} by ${model}@${revision}.`,
      hint: "POST the picture to /v1/embeddings first. The address is the SHA-256 of its bytes as they were sent.",
    });
  }
}

/** The client accepts none of the representations. */
export class NotAcceptableError extends Problem {
  constructor(accept: string) {
    super({
      status: 406,
      code: "not-acceptable",
      title: "No acceptable representation",
      detail: `An embedding is not available as ${accept.slice(0, 200)}.`,
      hint: `Accept one of ${Object.values(MEDIA_TYPES).join(", ")}.`,
    });
  }
}

const MEDIA_TYPES: Readonly<Record<Representation, string>> = {
  json: "application/json",
  f32: "application/octet-stream",
  bits: "application/x-packed-bits",
};

const binary = { schema: { type: "string" as const, format: "binary" } };

const route = createRoute({
  method: "get",
  path: "/v1/embeddings/{model}/{sha256}",
  operationId: "getEmbedding",
  tags: ["Embeddings"],
  summary: "A known embedding by the picture's SHA-256",
  description:
    "Under `name@revision` the answer never changes and may be kept forever. Under the bare name it is the " +
    `current revision's, may be kept for ${BARE_NAME_MAX_AGE_SECONDS} s, and \`content-location\` names the lasting address.`,
  request: { params: EmbeddingParams, query: z.object({ format: Representation.optional() }) },
  responses: {
    200: {
      description: "The embedding, of unit length.",
      content: {
        "application/json": { schema: StoredEmbedding },
        "application/octet-stream": binary,
        "application/x-packed-bits": binary,
      },
    },
    304: { description: "The client has it already." },
    ...problems(400, 404, 406),
  },
});

export interface ReadEmbeddingOptions {
  readonly models: ModelRegistry;
  readonly cacheFor: (origin: string | undefined) => EmbeddingCache;
}

export function readEmbedding(app: OpenAPIHono<AppEnv>, { models, cacheFor }: ReadEmbeddingOptions): void {
  app.use(
    "/v1/embeddings/:model/:sha256",
    etag({ retainedHeaders: [...RETAINED_304_HEADERS, "link", "x-corkboard-cache"] }),
  );
  app.openapi(route, async (c) => {
    const { model: reference, sha256 } = c.req.valid("param");
    const { name: model, revision } = models.parse(reference);
    const key: EmbeddingKey = {
      model,
      revision: revision ?? models.currentEmbedding(model).revision,
      sha256,
    };
    const representation = c.req.valid("query").format ?? negotiate(c);
    const { origin, background, clock } = workScope(c);
    const found = await clock.time("lookup", () => cacheFor(origin).find(key, background));
    if (!found) throw new EmbeddingNotFoundError(key);
    c.var.facts.model = pinnedName({ name: model, revision: key.revision });
    c.var.facts.cache = { [found.from]: 1 };
    c.header("x-corkboard-cache", found.from);
    c.header("vary", "accept", { append: true });
    if (revision === undefined) {
      const address = `/v1/${embeddingPath(key)}`;
      c.header("cache-control", `public, max-age=${BARE_NAME_MAX_AGE_SECONDS}`);
      c.header("content-location", address);
      c.header("link", `<${address}>; rel="canonical"`);
    } else {
      c.header("cache-control", "public, max-age=31536000, immutable");
    }
    return represent(c, representation, key, found.embedding);
  });
}

function negotiate(c: AppContext): Representation {
  const accept = c.req.header("accept") ?? "*/*";
  const fallback = accept.includes("*/*") ? MEDIA_TYPES.json : "";
  const type = accepts(c, { header: "Accept", supports: Object.values(MEDIA_TYPES), default: fallback });
  const representation = Representation.options.find((option) => MEDIA_TYPES[option] === (type || fallback));
  if (!representation) throw new NotAcceptableError(accept);
  return representation;
}

function represent(c: AppContext, representation: Representation, key: EmbeddingKey, embedding: Embedding) {
  if (representation === "json") {
    const body: StoredEmbedding = {
      object: "embedding",
      model: pinnedName({ name: key.model, revision: key.revision }),
      sha256: key.sha256,
      dimensions: embedding.length,
      embedding: [...embedding],
    };
    return c.json(body, 200);
  }
  const bytes = representation === "f32" ? toFloat32Bytes(embedding) : signCode(embedding);
  return c.body(bytes, 200, { "content-type": MEDIA_TYPES[representation] });
}
