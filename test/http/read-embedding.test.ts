import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import type { StoredEmbedding } from "../../src/http/schemas/embeddings.ts";
import { PINNED, testApp } from "./fakes.ts";
import { dataUrl, drawJpeg } from "./pictures.ts";

const picture = drawJpeg(1);
const sha256 = createHash("sha256").update(picture).digest("hex");
const bare = `/v1/embeddings/unified-embedding/${sha256}`;
const pinned = `/v1/embeddings/${PINNED}/${sha256}`;

describe("GET /v1/embeddings/{model}/{sha256}", () => {
  const fixture = testApp();
  const get = (path: string, headers: Record<string, string> = {}, method = "GET") =>
    fixture.app.request(path, { headers, method });
  let vector: number[];

  beforeAll(async () => {
    const response = await fixture.postJson({ input: dataUrl(picture) });
    const { data } = (await response.json()) as { data: [{ embedding: number[] }] };
    vector = data[0].embedding;
  });

  it("answers what was computed, as JSON unless asked otherwise", async () => {
    const response = await get(pinned);
    expect(response.headers.get("content-type")).toBe("application/json");
    const body = (await response.json()) as StoredEmbedding;
    expect(body).toEqual({ object: "embedding", model: PINNED, sha256, dimensions: 16, embedding: vector });
    expect(fixture.inference.calls).toBe(1);
  });

  it("may be kept for ever under the pinned name, and for minutes under the bare one", async () => {
    expect((await get(pinned)).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const response = await get(bare);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(response.headers.get("content-location")).toBe(pinned);
    expect(response.headers.get("link")).toBe(`<${pinned}>; rel="canonical"`);
    expect(await response.text()).toBe(await (await get(pinned)).text());
  });

  it.each([
    ["application/json", "application/json"],
    ["application/octet-stream", "application/octet-stream"],
    ["application/x-packed-bits", "application/x-packed-bits"],
    ["*/*", "application/json"],
    ["text/html, application/octet-stream;q=0.5, */*;q=0.1", "application/octet-stream"],
    ["application/json;q=0.2, application/x-packed-bits", "application/x-packed-bits"],
  ])("negotiates %s", async (accept, type) => {
    const response = await get(pinned, { accept });
    expect(response.headers.get("content-type")).toBe(type);
    expect(response.headers.get("vary")?.toLowerCase()).toContain("accept");
  });

  it("refuses to be anything else", async () => {
    const response = await get(pinned, { accept: "image/png" });
    expect(response.status).toBe(406);
    expect(await response.json()).toMatchObject({ code: "not-acceptable" });
  });

  it("sends little-endian float32 and packed signs", async () => {
    const bytes = Buffer.from(await (await get(`${pinned}?format=f32`)).arrayBuffer());
    expect(vector.map((_, index) => bytes.readFloatLE(index * 4))).toEqual(vector);
    const bits = Buffer.from(await (await get(`${pinned}?format=bits`)).arrayBuffer());
    expect(bits).toHaveLength(2);
    expect(bits[0]! >> 7).toBe(vector[0]! > 0 ? 1 : 0);
    expect(
      (await get(`${pinned}?format=json`, { accept: "application/octet-stream" })).headers.get(
        "content-type",
      ),
    ).toBe("application/json");
    expect((await get(`${pinned}?format=xml`)).status).toBe(400);
  });

  it("has a strong tag for each representation, and answers 304", async () => {
    const tags = await Promise.all(
      ["json", "f32", "bits"].map(async (format) =>
        (await get(`${pinned}?format=${format}`)).headers.get("etag"),
      ),
    );
    expect(new Set(tags).size).toBe(3);
    for (const tag of tags) expect(tag).toMatch(/^"[^"]+"$/);
    const response = await get(pinned, { "if-none-match": `"other", ${tags[0]}` });
    expect(response.status).toBe(304);
    expect(await response.text()).toBe("");
    expect(response.headers.get("etag")).toBe(tags[0]);
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(response.headers.get("x-corkboard-cache")).toBe("edge");
    expect((await get(pinned, { "if-none-match": '"other"' })).status).toBe(200);
  });

  it("answers HEAD as GET without a body", async () => {
    const response = await get(pinned, {}, "HEAD");
    expect(response.status).toBe(200);
    expect(response.headers.get("etag")).toBe((await get(pinned)).headers.get("etag"));
    expect(await response.text()).toBe("");
  });

  it("comes from the store where the edge has nothing, and from the edge afterwards", async () => {
    fixture.edge.responses.clear();
    expect((await get(pinned)).headers.get("x-corkboard-cache")).toBe("store");
    expect((await get(pinned)).headers.get("x-corkboard-cache")).toBe("edge");
  });

  it("says what to do when there is nothing", async () => {
    const response = await get(`/v1/embeddings/unified-embedding/${"0".repeat(64)}`);
    expect(response.status).toBe(404);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toMatchObject({
      code: "embedding-not-found",
      hint: expect.stringContaining("POST the picture"),
    });
  });

  it("still answers revisions that are stored but not served any more", async () => {
    for (const [key, bytes] of fixture.bucket.objects) {
      fixture.bucket.objects.set(key.replace("0123456789ab", "aaaaaaaaaaaa"), bytes);
    }
    const response = await get(pinned.replace("0123456789ab", "aaaaaaaaaaaa"));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ model: "unified-embedding@aaaaaaaaaaaa" });
  });

  it("refuses what is no address", async () => {
    expect((await get("/v1/embeddings/unified-embedding/abc")).status).toBe(400);
    expect((await get(`/v1/embeddings/unified-embedding/${sha256.toUpperCase()}`)).status).toBe(400);
    expect((await get(`/v1/embeddings/clip/${sha256}`)).status).toBe(404);
  });
});
