/** `/v1/keys`: makes, lists and revokes API keys, for who holds the admin token. */
import { createRoute, type OpenAPIHono } from "@hono/zod-openapi";
import { Problem } from "../../problem.ts";
import type { KeyStore } from "../auth/key-store.ts";
import type { KeyVerifier } from "../auth/key-verifier.ts";
import { KEY_REMEMBERED_FOR, MAX_KEYS } from "../auth/limits.ts";
import type { AppEnv } from "../context.ts";
import { CreatedKey, KeyList, KeyParams, NewKey } from "../schemas/keys.ts";
import { problems } from "../schemas/problems.ts";
import { ADMIN } from "../schemas/security.ts";

export class KeyNotFoundError extends Problem {
  constructor(id: string) {
    super({
      status: 404,
      code: "key-not-found",
      title: "There is no such key",
      detail: `There is no key ${id}, or no more.`,
      hint: "`GET /v1/keys` lists those that there are.",
    });
  }
}

export class TooManyKeysError extends Problem {
  constructor() {
    super({
      status: 409,
      code: "too-many-keys",
      title: "There are too many keys",
      detail: `A deployment has up to ${MAX_KEYS} keys.`,
      hint: "Revoke keys that nobody uses any more.",
    });
  }
}

const common = { tags: ["Keys"], security: ADMIN };

const createKeyRoute = createRoute({
  ...common,
  method: "post",
  path: "/v1/keys",
  operationId: "createKey",
  summary: "Make a key",
  request: { body: { content: { "application/json": { schema: NewKey } }, required: true } },
  responses: {
    201: {
      description: "The key. Its text is not kept and never shown again.",
      content: { "application/json": { schema: CreatedKey } },
    },
    ...problems(400, 401, 403, 409, 413, 429),
  },
});

const listKeysRoute = createRoute({
  ...common,
  method: "get",
  path: "/v1/keys",
  operationId: "listKeys",
  summary: "All keys, without their secrets",
  responses: {
    200: { description: "Oldest first.", content: { "application/json": { schema: KeyList } } },
    ...problems(401, 403, 429),
  },
});

const revokeKeyRoute = createRoute({
  ...common,
  method: "delete",
  path: "/v1/keys/{id}",
  operationId: "revokeKey",
  summary: "Revoke a key",
  description: `The key stops everywhere within ${KEY_REMEMBERED_FOR / 1000} seconds.`,
  request: { params: KeyParams },
  responses: { 204: { description: "Revoked." }, ...problems(400, 401, 403, 404, 429) },
});

export interface KeyRouteOptions {
  readonly keys: KeyStore;
  readonly verifier: KeyVerifier;
}

export function keyRoutes(app: OpenAPIHono<AppEnv>, { keys, verifier }: KeyRouteOptions): void {
  app.openapi(createKeyRoute, async (c) => {
    const { name, scopes } = c.req.valid("json");
    const created = await keys.create({ name, scopes: [...new Set(scopes)] });
    if (!created) throw new TooManyKeysError();
    c.header("cache-control", "no-store");
    return c.json({ ...created, scopes: [...created.scopes] }, 201);
  });
  app.openapi(listKeysRoute, async (c) => {
    const data = (await keys.list()).map((key) => ({ ...key, scopes: [...key.scopes] }));
    c.header("cache-control", "no-store");
    return c.json({ data }, 200);
  });
  app.openapi(revokeKeyRoute, async (c) => {
    const { id } = c.req.valid("param");
    verifier.forget(id);
    if (!(await keys.revoke(id))) throw new KeyNotFoundError(id);
    // Somebody may have asked with the key while it was being revoked.
    verifier.forget(id);
    return c.body(null, 204);
  });
}
