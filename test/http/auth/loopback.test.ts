/** Writing without a key: on the developer's own machine only. */
import { describe, expect, it } from "vitest";
import { testApp } from "../fakes.ts";

/** 404: allowed, and there is no such item route in this app. */
async function write(headers: Record<string, string>, localDevelopment = true): Promise<boolean> {
  const { app } = testApp({ access: { localDevelopment } });
  const response = await app.request("/v1/items/a", { method: "PUT", headers });
  expect([401, 404]).toContain(response.status);
  return response.status === 404;
}

describe("in local development", () => {
  it.each(["127.0.0.1:8787", "localhost:8787", "localhost", "[::1]:8787", "127.1.2.3", "cork.localhost:80"])(
    "%s may write",
    async (host) => expect(await write({ host })).toBe(true),
  );

  it.each([
    "evil.example",
    "evil.example:8787",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "notlocalhost",
    "10.0.0.1:8787",
    "0.0.0.0:8787",
    "[::]:8787",
    "[::ffff:10.0.0.1]",
    "127.0.0.1@evil.example",
    "evil.example#localhost",
    "",
  ])("a Host of %j may not, as when a name was bound to 127.0.0.1", async (host) => {
    expect(await write({ host })).toBe(false);
  });

  it.each(["http://localhost:3000", "http://127.0.0.1:8787", "https://[::1]"])(
    "a page of %s may write",
    async (origin) => expect(await write({ host: "127.0.0.1:8787", origin })).toBe(true),
  );

  it.each([
    "https://evil.example",
    "null",
    "",
    "http://localhost.evil.example",
    "chrome-extension://abc",
    "file://",
  ])("a page of %j may not", async (origin) =>
    expect(await write({ host: "127.0.0.1:8787", origin })).toBe(false),
  );

  it("what a page of another site embeds may not, the address bar and a page of this machine may", async () => {
    const host = "127.0.0.1:8787";
    expect(await write({ host, "sec-fetch-site": "cross-site" })).toBe(false);
    for (const site of ["none", "same-origin", "same-site"]) {
      expect(await write({ host, "sec-fetch-site": site })).toBe(true);
    }
    expect(await write({ host, origin: "http://localhost:3000", "sec-fetch-site": "cross-site" })).toBe(true);
  });

  it.each(["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"])(
    "a request that a proxy passed on with %s may not",
    async (header) => expect(await write({ host: "127.0.0.1:8787", [header]: "192.0.2.1" })).toBe(false),
  );
});

it("anywhere else nobody may, whatever the request says", async () => {
  for (const host of ["127.0.0.1:8787", "localhost", "corkboard.example"]) {
    expect(await write({ host, origin: "http://localhost" }, false)).toBe(false);
  }
});
