/** Keys and rate limits on workerd's own Durable Objects and limiter. */
import { env, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { parseKey } from "../../../src/http/auth/api-key.ts";
import { boundKeyStore, type KeyRing } from "../../../src/http/auth/key-ring.ts";
import { KeyVerifier } from "../../../src/http/auth/key-verifier.ts";
import { MAX_KEYS } from "../../../src/http/auth/limits.ts";
import { RateLimits } from "../../../src/http/auth/rate-limits.ts";

/** A ring of this test alone. */
function freshRing() {
  const name = crypto.randomUUID();
  const namespace = {
    idFromName: () => env.KEYS.idFromName(name),
    get: (id: unknown) => env.KEYS.get(id as ReturnType<typeof env.KEYS.idFromName>),
  };
  return { store: boundKeyStore(namespace), stub: namespace.get(namespace.idFromName()) };
}

it("makes, lists, verifies and revokes keys", async () => {
  const { store } = freshRing();
  const created = await store.create({ name: "shop", scopes: ["read", "write"] });
  const { key, ...info } = created!;
  expect(await store.list()).toEqual([info]);
  const parts = parseKey(key)!;
  expect(parts.id).toBe(info.id);
  expect(await new KeyVerifier(store).verify(parts)).toEqual(["read", "write"]);
  expect(
    await new KeyVerifier(store).verify({ ...parts, secret: `${parts.secret.slice(1)}x` }),
  ).toBeUndefined();
  expect(await store.revoke(info.id)).toBe(true);
  expect(await store.revoke(info.id)).toBe(false);
  expect(await store.list()).toEqual([]);
  expect(await new KeyVerifier(store).verify(parts)).toBeUndefined();
});

it("keeps no secret", async () => {
  const { store, stub } = freshRing();
  const { key } = (await store.create({ name: "shop", scopes: ["read"] }))!;
  const { secret } = parseKey(key)!;
  const rows = await runInDurableObject<KeyRing, unknown[]>(stub, (_, { storage }) =>
    storage.sql.exec("SELECT *, hex(hash) AS hex FROM keys").toArray(),
  );
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(secret);
});

it("has an end", async () => {
  const { store, stub } = freshRing();
  await runInDurableObject<KeyRing, void>(stub, (_, { storage }) => {
    for (let n = 0; n < MAX_KEYS - 1; n++) {
      storage.sql.exec("INSERT INTO keys VALUES (?, 'many', 'read', x'00', 0)", `key-${n}`);
    }
  });
  expect(await store.create({ name: "last", scopes: ["read"] })).toBeDefined();
  expect(await store.create({ name: "one too many", scopes: ["read"] })).toBeUndefined();
});

it("limits how often a key may ask", async () => {
  const limits = new RateLimits({ key: env.THREE });
  const id = crypto.randomUUID();
  const ask = () => limits.count({ kind: "key", id, scopes: ["read"] }, new Headers(), "/v1/catalog");
  for (let n = 0; n < 3; n++) await ask();
  await expect(ask()).rejects.toMatchObject({ status: 429, retryAfter: 60 });
});
