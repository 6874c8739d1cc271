/** `POST /v1/items:batch`: lines in, a line out for each, while both go on. */
import type { OpenAPIHono, RouteConfig } from "@hono/zod-openapi";
import { readItemLines } from "../../../catalog/batch.ts";
import { answerStream, piecesOf, upToLimit } from "../../catalog/batch-stream.ts";
import { MAX_BATCH_LINES } from "../../catalog/limits.ts";
import type { AppEnv } from "../../context.ts";
import { BATCH_PATIENCE, MAX_JSON_BYTES } from "../../limits.ts";
import { UnsupportedBodyError } from "../../picture-input.ts";
import { redact } from "../../redact.ts";
import { BatchBody, LINE_SCHEMAS } from "../../schemas/items.ts";
import { problems } from "../../schemas/problems.ts";
import { WRITE } from "../../schemas/security.ts";
import { InvalidRequestError } from "../../validation.ts";
import type { CatalogRouteOptions } from "./index.ts";

const NDJSON = "application/x-ndjson";

/** Names under which lines of JSON go about. */
const LINE_TYPES = /^(?:application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-seq)|text\/plain)\b/i;

const route: RouteConfig = {
  method: "post",
  path: "/v1/items:batch",
  operationId: "batchItems",
  tags: ["Items"],
  security: WRITE,
  summary: "Add or replace many items",
  description:
    `Newline-delimited JSON, up to ${MAX_BATCH_LINES} lines, each as in \`BatchLine\`. Every line is answered by a ` +
    "line as in `BatchAnswer`, in order and as soon as it is on disk. What fails stops nothing else: look at " +
    "each `ok`. Answers begin before the body has ended; a client that does not read them is not read from " +
    "either. `line` 0 says that the batch ended early: send again what has no answer.",
  request: { body: { required: true, content: { [NDJSON]: { schema: BatchBody } } } },
  responses: {
    200: {
      description: "A line for each line, some of which may have failed.",
      content: { [NDJSON]: { schema: BatchBody } },
    },
    ...problems(400, 401, 403, 415, 429, 503),
  },
};

export function batchItems(
  app: OpenAPIHono<AppEnv>,
  { catalog, backlog, bodies, log }: Pick<CatalogRouteOptions, "catalog" | "backlog" | "bodies" | "log">,
): void {
  app.openAPIRegistry.registerPath(route);
  for (const [name, schema] of Object.entries(LINE_SCHEMAS)) app.openAPIRegistry.register(name, schema);
  app.post("/v1/items:batch", async (c) => {
    const type = c.req.header("content-type") ?? NDJSON;
    if (!LINE_TYPES.test(type)) throw new UnsupportedBodyError(type, NDJSON);
    const { body } = c.req.raw;
    if (!body) throw new InvalidRequestError("The body is empty.", "body");
    await backlog.check();
    const leave = await bodies.enter(weightOf(c.req.header("content-length")));
    const entries = upToLimit(readItemLines(piecesOf(body, BATCH_PATIENCE)));
    const { requestId } = c.var;
    const stream = answerStream(catalog.batch(entries), {
      ended: leave,
      failed: (error) => log({ level: "warn", event: "batch", requestId, error: redact(String(error)) }),
    });
    return c.body(stream, 200, { "content-type": NDJSON, "cache-control": "no-store" });
  });
}

/** A batch is held window by window, however long it is. */
function weightOf(contentLength: string | undefined): number {
  const announced = Number(contentLength ?? MAX_JSON_BYTES);
  return Number.isSafeInteger(announced) ? Math.min(announced, MAX_JSON_BYTES) : MAX_JSON_BYTES;
}
