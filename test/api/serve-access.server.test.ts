/** Who may write to `corkboard serve`, and when it does not even start. */

import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readAdminToken } from "../../src/cli/server/admin-token.ts";
import { Corkboard } from "../../src/client/index.ts";
import { drawJpeg } from "../http/pictures.ts";
import { corkboard as run, type Serve, startServe, temporaryFolder } from "./serve.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  folder = await temporaryFolder();
});

afterAll(() => folder?.remove());

/**
 * The status of a write with these headers, `Host` included, which `fetch` would not send. Each has a connection of
 * its own: the server ends those whose body it has refused to read.
 */
function write(server: Serve, headers: Record<string, string>): Promise<number> {
  const body = Buffer.from(JSON.stringify({ image: "https://pictures.invalid/1.jpg" }));
  return new Promise((done, failed) => {
    const { hostname, port } = new URL(server.origin);
    const options = {
      hostname: hostname === "0.0.0.0" ? "127.0.0.1" : hostname,
      port,
      path: "/v1/items/a",
      agent: false,
    };
    request(
      { ...options, method: "PUT", headers: { "content-type": "application/json", ...headers } },
      (response) => {
        response.resume();
        response.on("end", () => done(response.statusCode!));
      },
    )
      .on("error", failed)
      .end(body);
  });
}

describe("without keys", () => {
  it("others are not let near it: on 0.0.0.0 it does not start", async () => {
    const { code, stderr } = await run([
      "serve",
      "--host",
      "0.0.0.0",
      "--port",
      "0",
      "--storage",
      folder.path,
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain("there is no key");
    expect(stderr).toContain("corkboard keys create");
  });

  it("this machine writes; spoofed hosts, pages of other sites and proxies do not", async () => {
    const server = await startServe(folder.path);
    try {
      const port = new URL(server.origin).port;
      expect(await write(server, {})).toBe(201);
      expect(await write(server, { host: `localhost:${port}`, origin: `http://localhost:${port}` })).toBe(
        200,
      );
      expect(await write(server, { host: `evil.example:${port}` })).toBe(401);
      expect(
        await write(server, { host: "evil.example", "mf-original-url": `${server.origin}/v1/items/a` }),
      ).toBe(401);
      expect(await write(server, { origin: "https://evil.example" })).toBe(401);
      expect(await write(server, { origin: "null" })).toBe(401);
      expect(await write(server, { "x-forwarded-for": "192.0.2.1" })).toBe(401);
    } finally {
      await server.stop();
    }
  });

  it("its folder is its own", async () => {
    const server = await startServe(folder.path);
    try {
      const { code, stderr } = await run(["serve", "--port", "0", "--storage", folder.path]);
      expect([code, stderr]).toEqual([1, expect.stringContaining("running process")]);
    } finally {
      await server.stop();
    }
  });
});

describe("with keys", () => {
  let key: string;

  it("it starts on all addresses, and refuses writes without one from anywhere", async () => {
    const local = await startServe(folder.path);
    const admin = new Corkboard({ baseUrl: local.origin, key: await readAdminToken(folder.path) });
    ({ key } = await admin.keys.create({ name: "test", scopes: ["write"] }));
    await local.stop();

    const server = await startServe(folder.path, "--host", "0.0.0.0");
    try {
      expect(await write(server, {})).toBe(401);
      expect(await write(server, { host: "127.0.0.1" })).toBe(401);
      expect(await write(server, { authorization: "Bearer ck_nonsense" })).toBe(401);
      expect(await write(server, { host: "cork.example", authorization: `Bearer ${key}` })).toBe(200);
    } finally {
      await server.stop();
    }
  });

  it("may be asked of this machine too, and of readers", async () => {
    const server = await startServe(folder.path, "--require-keys", "--private-read");
    try {
      expect(await write(server, {})).toBe(401);
      const nobody = new Corkboard({ baseUrl: server.origin });
      await expect(nobody.catalog()).rejects.toMatchObject({ code: "key-required" });
      await expect(nobody.search({ image: drawJpeg(1) })).rejects.toMatchObject({ code: "key-required" });
      const writer = new Corkboard({ baseUrl: server.origin, key });
      await expect(writer.catalog()).rejects.toMatchObject({ code: "scope-missing" });
      await writer.items.put("b", { image: drawJpeg(1) });
    } finally {
      await server.stop();
    }
  });
});
