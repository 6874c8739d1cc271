/** `GET /openapi.json`: generated from the schemas that validate. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../context.ts";

const DESCRIPTION = `Pictures to embeddings and visual search, at the edge.

Embeddings have unit length: their dot product is the cosine similarity. They are content-addressed by the
SHA-256 of the picture's bytes and the model's revision; what was computed once is answered from the cache.

Reading takes no key unless the deployment says so; writing takes one with the scope \`write\`, as
\`Authorization: Bearer ck_…\`.

Errors are RFC 9457 problem details (\`application/problem+json\`) with a stable \`code\`, a \`hint\` what to do,
and an \`error\` member that OpenAI's clients read.`;

export function openApiRoute(app: OpenAPIHono<AppEnv>, version: string): void {
  app.doc31("/openapi.json", (c) => ({
    openapi: "3.1.0",
    info: {
      title: "Corkboard",
      version,
      description: DESCRIPTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: new URL(c.req.url).origin }],
    tags: [
      { name: "Search", description: "Items that look like a picture, a part of one, or another item." },
      { name: "Items", description: "What the catalogue holds." },
      { name: "Embeddings", description: "Pictures to vectors and sign codes." },
      { name: "Models", description: "What can be asked." },
      { name: "Keys", description: "Who may write." },
      { name: "Operations", description: "Health and counters." },
    ],
  }));
}
