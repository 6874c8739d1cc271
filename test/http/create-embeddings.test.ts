import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import { list, problem } from "./answers.ts";
import { CountingInference, PINNED, TINY, testApp } from "./fakes.ts";
import { dataUrl, drawJpeg } from "./pictures.ts";

const picture = drawJpeg(1);
const other = drawJpeg(2);
const _broken = drawJpeg(3).slice(0, 300);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function floats(base64: unknown): number[] {
  const bytes = Buffer.from(String(base64), "base64");
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readFloatLE(index * 4));
}

describe("POST /v1/embeddings", () => {
  it("answers as OpenAI does, with the model's revision and the picture's SHA-256", async () => {
    const { postJson } = testApp();
    const response = await postJson({ input: dataUrl(picture), model: "unified-embedding" });
    expect(response.headers.get("cache-control")).toBe("no-store");
    const body = await list(response);
    expect(body).toMatchObject({
      object: "list",
      model: PINNED,
      data: [{ object: "embedding", index: 0, sha256: sha256(picture), cache: "miss" }],
      usage: { prompt_tokens: 0, total_tokens: 0 },
    });
    expect(Math.hypot(...(body.data[0]!.embedding as number[]))).toBeCloseTo(1, 6);
  });

  it("takes strings, objects, arrays of both, forms and raw bodies alike", async () => {
    const { app, postJson } = testApp();
    const url = dataUrl(picture);
    const form = new FormData();
    form.append("image", new Blob([picture]), "photo.jpg");
    const textForm = new FormData();
    textForm.append("image", url);
    const several = new FormData();
    several.append("image[]", new Blob([picture]), "photo.jpg");
    const raw = { method: "POST", body: picture, headers: { "content-type": "image/jpeg" } };
    const responses = [
      await postJson({ input: url }),
      await postJson({ input: { image: url } }),
      await postJson({ input: [url] }),
      await postJson({ input: [{ image: url }] }),
      await app.request("/v1/embeddings", { method: "POST", body: form }),
      await app.request("/v1/embeddings", { method: "POST", body: textForm }),
      await app.request("/v1/embeddings", { method: "POST", body: several }),
      await app.request("/v1/embeddings", raw),
    ];
    const bodies = await Promise.all(responses.map(list));
    for (const { data } of bodies) expect(data[0]!.sha256).toBe(sha256(picture));
    for (const { data } of bodies) expect(data[0]!.embedding).toEqual(bodies[0]!.data[0]!.embedding);
  });

  it("encodes as float, base64 of little-endian float32, or packed signs", async () => {
    const { postJson } = testApp();
    const as = async (encoding_format: string) =>
      (await list(await postJson({ input: dataUrl(picture), encoding_format }))).data[0]!.embedding;
    const vector = (await as("float")) as number[];
    expect(floats(await as("base64"))).toEqual(vector);
    const bits = Buffer.from(String(await as("binary")), "base64");
    expect(bits).toHaveLength(2);
    for (const [index, value] of vector.entries()) {
      expect((bits[index >> 3]! >> (7 - (index & 7))) & 1).toBe(value > 0 ? 1 : 0);
    }
  });

  it("takes the options of a form and of the query of a raw body", async () => {
    const { app } = testApp();
    const form = new FormData();
    form.append("image", new Blob([picture]), "photo.jpg");
    form.append("encoding_format", "base64");
    form.append("dimensions", "8");
    form.append("model", PINNED);
    const fromForm = await list(await app.request("/v1/embeddings", { method: "POST", body: form }));
    expect(floats(fromForm.data[0]!.embedding)).toHaveLength(8);
    const raw = { method: "POST", body: picture, headers: { "content-type": "image/jpeg" } };
    const fromBody = await list(await app.request("/v1/embeddings?encoding_format=base64&dimensions=8", raw));
    expect(fromBody.data[0]!.embedding).toBe(fromForm.data[0]!.embedding);
  });

  it("shortens to lengths that the model was trained for, and to no other", async () => {
    const { postJson } = testApp();
    const full = (await list(await postJson({ input: dataUrl(picture) }))).data[0]!.embedding as number[];
    const short = await list(await postJson({ input: dataUrl(picture), dimensions: 8 }));
    const head = full.slice(0, 8);
    const length = Math.hypot(...head);
    for (const [index, value] of (short.data[0]!.embedding as number[]).entries()) {
      expect(value).toBeCloseTo(head[index]! / length, 6);
    }
    const refused = await problem(await postJson({ input: dataUrl(picture), dimensions: 4 }));
    expect(refused).toMatchObject({ status: 400, error: { param: "dimensions" } });
    expect(refused.detail).toContain("8, 16");
  });

  it("embeds batches in order, in micro-batches, each picture once", async () => {
    const { postJson, inference } = testApp();
    const pictures = [10, 11, 12, 13, 14, 10, 11].map((seed) => drawJpeg(seed, 40, 40));
    const { data } = await list(await postJson({ input: pictures.map((one) => dataUrl(one)) }));
    expect(data.map((one) => one.sha256)).toEqual(pictures.map(sha256));
    expect(data.map((one) => one.index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(data[5]!.embedding).toEqual(data[0]!.embedding);
    expect(inference).toMatchObject({ calls: 2, rows: 5 });
  });
});

describe("what was computed before", () => {
  it("never touches the model again", async () => {
    const { postJson, inference, edge, bucket } = testApp();
    const first = await postJson({ input: dataUrl(picture) });
    expect(first.headers.get("x-corkboard-cache")).toBe("miss");
    expect(first.headers.get("server-timing")).toMatch(/decode.*infer.*store.*total/);
    const second = await postJson({ input: dataUrl(picture) });
    expect(second.headers.get("x-corkboard-cache")).toBe("edge");
    edge.responses.clear();
    const third = await postJson({ input: dataUrl(picture) });
    expect(third.headers.get("x-corkboard-cache")).toBe("store");
    expect(await third.json()).toMatchObject({ data: [{ cache: "store" }] });
    expect(inference.calls).toBe(1);
    expect(bucket.objects.size).toBe(1);
  });

  it("is told per picture, and the header tells the most expensive one", async () => {
    const { postJson, inference } = testApp();
    await postJson({ input: dataUrl(picture) });
    const mixed = await postJson({ input: [dataUrl(picture), dataUrl(other)] });
    expect(mixed.headers.get("x-corkboard-cache")).toBe("miss");
    expect((await list(mixed)).data.map(({ cache }) => cache)).toEqual(["edge", "miss"]);
    expect(inference.rows).toBe(2);
  });

  it("is computed anew when it is stored broken", async () => {
    const { postJson, edge, bucket } = testApp();
    await postJson({ input: dataUrl(picture) });
    edge.responses.clear();
    for (const key of bucket.objects.keys()) bucket.objects.set(key, new Uint8Array(7));
    expect((await postJson({ input: dataUrl(picture) })).headers.get("x-corkboard-cache")).toBe("miss");
  });

  it("is forgotten without any cache", async () => {
    const inference = new CountingInference();
    const app = createApp({ models: [TINY], inference, log: () => undefined });
    const body = JSON.stringify({ input: dataUrl(picture) });
    const init = { method: "POST", body, headers: { "content-type": "application/json" } };
    expect((await app.request("/v1/embeddings", init)).status).toBe(200);
    expect((await app.request("/v1/embeddings", init)).status).toBe(200);
    expect(inference.calls).toBe(2);
  });
});

describe("pictures by address", () => {
  const server = createServer((request, response) => {
    if (request.url === "/photo.jpg") response.end(picture);
    else response.writeHead(404).end();
  });
  let origin: string;
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  it("are fetched where that is allowed", async () => {
    const { postJson } = testApp({ addresses: { allowPrivate: true } });
    const response = await postJson({ input: [`${origin}/photo.jpg`, dataUrl(picture)] });
    expect(response.headers.get("server-timing")).toContain("fetch;dur=");
    expect((await list(response)).data.map((one) => one.sha256)).toEqual([sha256(picture), sha256(picture)]);
  });

  it("are refused when they are private or lead nowhere", async () => {
    const refused = await problem(await testApp().postJson({ input: `${origin}/photo.jpg` }));
    expect(refused).toMatchObject({ status: 400, code: "address-refused" });
    const { postJson } = testApp({ addresses: { allowPrivate: true } });
    const missing = await problem(await postJson({ input: `${origin}/nothing.jpg` }));
    expect(missing).toMatchObject({ status: 424, code: "picture-fetch-failed" });
  });
});
