/** Who may read, write and manage keys. */
import { describe, expect, it, vi } from "vitest";
import { KEY_REMEMBERED_FOR, MIN_ADMIN_TOKEN_LENGTH } from "../../../src/http/auth/limits.ts";
import type { AccessOptions } from "../../../src/http/dependencies.ts";
import { problem } from "../answers.ts";
import { testApp } from "../fakes.ts";
import { MemoryKeyStore } from "./memory-key-store.ts";

const ADMIN_TOKEN = "an-admin-token-of-decent-length";
/** Stands for any route that writes: authorisation comes before routing. */
const WRITE = { method: "PUT", path: "/v1/items/a" };
const READ = { method: "GET", path: "/v1/models" };

async function setUp(access: AccessOptions = {}) {
  const keys = new MemoryKeyStore();
  const { app, logs } = testApp({ access: { keys, adminToken: ADMIN_TOKEN, ...access } });
  const make = async (...scopes: ("read" | "write")[]) => (await keys.create({ name: "test", scopes })).key;
  const send = (
    { method, path }: { method: string; path: string },
    key?: string,
    headers: Record<string, string> = {},
  ) =>
    app.request(path, {
      method,
      headers: { ...(key !== undefined && { authorization: `Bearer ${key}` }), ...headers },
    });
  return { keys, make, send, logs, app };
}

describe("without a key", () => {
  it("everybody reads", async () => {
    const { send } = await setUp();
    expect((await send(READ)).status).toBe(200);
  });

  it("nobody reads where reading is not public", async () => {
    const { send } = await setUp({ publicRead: false });
    const response = await send(READ);
    expect(await problem(response)).toMatchObject({ status: 401, code: "key-required" });
    expect(response.headers.get("www-authenticate")).toBe('Bearer realm="corkboard"');
  });

  it.each(["PUT", "POST", "DELETE", "PATCH", "ANYTHING"])("nobody writes with %s", async (method) => {
    const { send } = await setUp();
    const response = await send({ method, path: "/v1/items/a" });
    expect(await problem(response)).toMatchObject({ status: 401, code: "key-required" });
  });

  it.each(["/v1/keys", "/v1/keys/", "/v1/keys/0", "/v1/%6Beys"])("nobody sees %s", async (path) => {
    const { send } = await setUp({ localDevelopment: true });
    const response = await send({ method: "GET", path }, undefined, { host: "127.0.0.1:8787" });
    expect([401, 404]).toContain(response.status);
    expect(await response.text()).not.toContain("createdAt");
  });

  it("nobody has all vectors, though reading is public; a reader's key does, and this machine in development", async () => {
    const { send, make } = await setUp({ localDevelopment: true });
    const vectors = { method: "GET", path: "/v1/item-vectors" };
    expect(await problem(await send(vectors))).toMatchObject({ status: 401, code: "key-required" });
    expect((await send(vectors, await make("write"))).status).toBe(403);
    // Past the door: the test's app has no catalogue.
    expect((await send(vectors, await make("read"))).status).toBe(404);
    expect((await send(vectors, ADMIN_TOKEN)).status).toBe(404);
    expect((await send(vectors, undefined, { host: "127.0.0.1:8787" })).status).toBe(404);
  });

  it("a token that is no key counts as none, since OpenAI's clients must send one", async () => {
    const { send } = await setUp();
    expect((await send(READ, "none")).status).toBe(200);
    expect((await send(WRITE, "none")).status).toBe(401);
  });
});

describe("with a key", () => {
  it("its scopes decide", async () => {
    const { send, make } = await setUp({ publicRead: false });
    const reader = await make("read");
    const writer = await make("write");
    expect((await send(READ, reader)).status).toBe(200);
    expect(await problem(await send(WRITE, reader))).toMatchObject({ status: 403, code: "scope-missing" });
    expect((await send(WRITE, writer)).status).toBe(404);
    expect((await send(READ, writer)).status).toBe(403);
  });

  it("nobody manages keys", async () => {
    const { send, make } = await setUp();
    const key = await make("read", "write");
    expect((await send({ method: "GET", path: "/v1/keys" }, key)).status).toBe(403);
  });

  it("a wrong secret, an unknown id and a broken key are refused, even for public reads", async () => {
    const { send, make } = await setUp();
    const key = await make("read", "write");
    const swapped = `${key.slice(0, -1)}${key.endsWith("A") ? "E" : "A"}`;
    const unknown = key.replace(/^ck_./, (start) => `ck_${start.endsWith("0") ? "1" : "0"}`);
    for (const bad of [swapped, unknown, "ck_", key.slice(0, 30)]) {
      expect(await problem(await send(READ, bad))).toMatchObject({ status: 401, code: "invalid-key" });
    }
  });

  it("a revoked key stops within the stated time", async () => {
    const { send, make, keys } = await setUp();
    const key = await make("write");
    expect((await send(WRITE, key)).status).toBe(404);
    await keys.revoke(key.slice(3, 23));
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      vi.setSystemTime(Date.now() + KEY_REMEMBERED_FOR);
      expect((await send(WRITE, key)).status).toBe(401);
    } finally {
      vi.useRealTimers();
    }
  });

  it("a key that this isolate revoked stops at once", async () => {
    const { send, make } = await setUp();
    const key = await make("write");
    expect((await send(WRITE, key)).status).toBe(404);
    const revoked = await send({ method: "DELETE", path: `/v1/keys/${key.slice(3, 23)}` }, ADMIN_TOKEN);
    expect(revoked.status).toBe(204);
    expect((await send(WRITE, key)).status).toBe(401);
  });

  it("the store is asked once, whatever the secret", async () => {
    const { send, make, keys } = await setUp();
    const key = await make("write");
    for (const one of [key, key, `${key.slice(0, -2)}xx`]) await send(WRITE, one);
    expect(keys.finds).toBe(1);
  });

  it("the log names the key's id and never its secret", async () => {
    const { send, make, logs } = await setUp();
    const key = await make("read");
    await send(READ, key);
    expect(logs.at(-1)).toMatchObject({ caller: `key ${key.slice(3, 23)}` });
    expect(JSON.stringify(logs)).not.toContain(key.slice(24));
  });
});

describe("with the admin token", () => {
  it("keys are made, listed without secrets, and revoked", async () => {
    const { app, send, make } = await setUp();
    const headers = { authorization: `Bearer ${ADMIN_TOKEN}`, "content-type": "application/json" };
    const body = JSON.stringify({ name: "shop", scopes: ["write", "write"] });
    const response = await app.request("/v1/keys", { method: "POST", headers, body });
    expect(response.status).toBe(201);
    const { key, id } = (await response.json()) as { key: string; id: string };
    expect((await send(WRITE, key)).status).toBe(404);
    await make("read");
    const list = await (await send({ method: "GET", path: "/v1/keys" }, ADMIN_TOKEN)).text();
    expect(JSON.parse(list)).toMatchObject({
      data: [{ id, name: "shop", scopes: ["write"] }, { scopes: ["read"] }],
    });
    expect(list).not.toContain(key.slice(24));
    expect(list).not.toContain("hash");
    const gone = { method: "DELETE", path: `/v1/keys/${"0".repeat(20)}` };
    expect(await problem(await send(gone, ADMIN_TOKEN))).toMatchObject({ code: "key-not-found" });
  });

  it("everything is allowed, with any other token nothing", async () => {
    const { send } = await setUp({ publicRead: false });
    expect((await send(WRITE, ADMIN_TOKEN)).status).toBe(404);
    expect((await send(READ, `${ADMIN_TOKEN}x`)).status).toBe(401);
  });

  it.each(["", "short", "x".repeat(MIN_ADMIN_TOKEN_LENGTH - 1)])("%j is none", async (adminToken) => {
    const { send } = await setUp({ adminToken });
    expect((await send({ method: "GET", path: "/v1/keys" }, adminToken)).status).toBe(401);
  });
});

describe("rate limits", () => {
  /** Lets a number of calls pass for each caller. */
  function limiter(calls: number) {
    const seen = new Map<string, number>();
    const limit = async ({ key }: { key: string }) => {
      seen.set(key, (seen.get(key) ?? 0) + 1);
      return { success: seen.get(key)! <= calls };
    };
    return { seen, limit };
  }

  const from = (address: string) => ({ "cf-connecting-ip": address });

  it("count each key by itself, and answer 429 with the time to wait", async () => {
    const key = limiter(2);
    const { send, make } = await setUp({ rateLimits: { key } });
    const [one, other] = [await make("read"), await make("read")];
    expect((await send(READ, one)).status).toBe(200);
    expect((await send(READ, one)).status).toBe(200);
    const refused = await send(READ, one);
    expect(await problem(refused)).toMatchObject({ status: 429, code: "rate-limited" });
    expect(refused.headers.get("retry-after")).toBe("60");
    expect((await send(READ, other)).status).toBe(200);
  });

  it("count each address without a key; IPv6 by its network", async () => {
    const address = limiter(1);
    const { send } = await setUp({ rateLimits: { address } });
    const statuses = [];
    for (const ip of [
      "192.0.2.1",
      "192.0.2.2",
      "192.0.2.1",
      "2001:db8:1:2:a::1",
      "2001:db8:1:2:b::1",
      "2001:db8:1:3::1",
    ]) {
      statuses.push((await send(READ, undefined, from(ip))).status);
    }
    expect(statuses).toEqual([200, 200, 429, 200, 429, 200]);
  });

  it("count guesses of keys and of the admin token against the address", async () => {
    const address = limiter(3);
    const { send, make, keys } = await setUp({ rateLimits: { address } });
    const key = await make("read");
    const guess = (last: string) => send(READ, `${key.slice(0, -3)}${last}`, from("192.0.2.1"));
    expect((await guess("aaa")).status).toBe(401);
    expect((await guess("bbb")).status).toBe(401);
    expect((await guess("ccc")).status).toBe(401);
    expect((await guess("ddd")).status).toBe(429);
    expect((await send(WRITE, `${ADMIN_TOKEN}x`, from("192.0.2.1"))).status).toBe(429);
    expect(keys.finds).toBe(1);
  });

  it("do not count pictures, of which a page shows hundreds", async () => {
    const address = limiter(0);
    const { send } = await setUp({ rateLimits: { address } });
    for (const path of [`/v1/pictures/${"0".repeat(64)}`, "/v1/items/a/picture"]) {
      expect((await send({ method: "GET", path })).status).toBe(404);
    }
    expect((await send(READ)).status).toBe(429);
  });

  it("do not count local development", async () => {
    const { send } = await setUp({ localDevelopment: true, rateLimits: { address: limiter(0) } });
    expect((await send(READ, undefined, { host: "localhost:8787" })).status).toBe(200);
  });
});
