/** Shapes of `/v1/keys`. */
import { z } from "@hono/zod-openapi";
import { KEY_ID_PATTERN, KeyScope } from "../auth/api-key.ts";
import { MAX_KEY_NAME_LENGTH } from "../auth/limits.ts";

const KeyId = z.string().regex(KEY_ID_PATTERN, "20 lower-case hex digits");

const Scopes = z.array(KeyScope).openapi({ description: "`read`, `write` or both." });

export const NewKey = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .max(MAX_KEY_NAME_LENGTH)
      .openapi({ description: "Who or what uses the key.", example: "nightly import" }),
    scopes: Scopes.min(1).max(KeyScope.options.length).default(["read", "write"]),
  })
  .openapi("NewKey");

export const Key = z
  .object({ id: KeyId, name: z.string(), scopes: Scopes, createdAt: z.iso.datetime() })
  .openapi("Key");

export const CreatedKey = Key.extend({
  key: z.string().openapi({ description: "Send it as `Authorization: Bearer …`. It is shown this once." }),
}).openapi("CreatedKey");

export const KeyList = z.object({ data: z.array(Key) }).openapi("KeyList");

export const KeyParams = z.object({ id: KeyId.openapi({ param: { name: "id", in: "path" } }) });
