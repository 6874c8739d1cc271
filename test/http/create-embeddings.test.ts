import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/http/app.ts";
import type { ProblemDocument } from "../../src/http/problem-document.ts";
import type { EmbeddingList } from "../../src/http/schemas/embeddings.ts";
import { Problem } from "../../src/problem.ts";
import { CountingInference, PINNED, TINY, testApp } from "./fakes.ts";
import { dataUrl, drawJpeg } from "./pictures.ts";

const picture = drawJpeg(1);
const other = drawJpeg(2);
const broken = drawJpeg(3).slice(0, 300);
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

async function list(response: Response): Promise<EmbeddingList> {
  expect(response.status).toBe(200);
  return (await response.json()) as EmbeddingList;
}

async function problem(response: Response): Promise<ProblemDocument> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const document = (await response.json()) as ProblemDocument;
  expect(document.status).toBe(response.status);
  expect(document.error.message).toContain(document.detail);
  return document;
}

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

describe("refusals", () => {
  it.each([
    ["a sentence", "a red dress"],
    ["sentences", ["a red dress", "blue shoes"]],
    ["tokens", [1, 2, 3]],
    ["arrays of tokens", [[1, 2], [3]]],
    ["an empty string", ""],
  ])("refuses %s as text, and says what is accepted", async (_, input) => {
    const document = await problem(await testApp().postJson({ input }));
    expect(document.status).toBe(400);
    const codes = [document.code, ...(document.errors ?? []).map(({ code }) => code)];
    expect(codes).toContain("text-input-not-supported");
    expect(JSON.stringify(document)).toContain("data:image/jpeg;base64");
  });

  it.each([
    ["no input", {}, "input"],
    ["an empty array", { input: [] }, "input"],
    ["null", { input: null }, "input"],
    ["another object", { input: { picture: "x" } }, "input"],
    ["another encoding", { input: dataUrl(picture), encoding_format: "hex" }, "encoding_format"],
    ["dimensions of zero", { input: dataUrl(picture), dimensions: 0 }, "dimensions"],
    ["a field that does not exist", { input: dataUrl(picture), inputs: [] }, ""],
  ])("refuses %s", async (_, body, param) => {
    expect(await problem(await testApp().postJson(body))).toMatchObject({
      status: 400,
      error: { type: "invalid_request_error", param },
    });
  });

  it("refuses unknown models and revisions, and says which there are", async () => {
    const { postJson } = testApp();
    const unknown = await problem(await postJson({ input: dataUrl(picture), model: "clip" }));
    expect(unknown).toMatchObject({
      status: 404,
      code: "model-not-found",
      hint: expect.stringContaining(PINNED),
    });
    const revision = await problem(
      await postJson({ input: dataUrl(picture), model: "unified-embedding@ffffffffffff" }),
    );
    expect(revision).toMatchObject({ status: 404, code: "model-revision-not-served" });
    expect(revision.hint).toContain(PINNED);
  });

  it("answers a single bad picture with that picture's own problem", async () => {
    expect(await problem(await testApp().postJson({ input: dataUrl(broken) }))).toMatchObject({
      status: 422,
      code: "invalid-picture",
    });
  });

  it("names each bad picture of a batch, runs no model, and gives nothing", async () => {
    const { postJson, inference } = testApp();
    const input = [
      dataUrl(picture),
      dataUrl(broken),
      dataUrl(other),
      "data:image/png;base64,AAAA",
      dataUrl(broken),
    ];
    const document = await problem(await postJson({ input }));
    expect(document.errors?.map(({ index, code }) => [index, code])).toEqual([
      [1, "invalid-picture"],
      [3, "unsupported-picture"],
      [4, "invalid-picture"],
    ]);
    expect(inference.calls).toBe(0);
    expect(document).not.toHaveProperty("data");
  });

  it("names each input that is no picture at all", async () => {
    const input = [dataUrl(picture), "a red dress", null, { image: 5 }, { image: "blue" }];
    const document = await problem(await testApp().postJson({ input }));
    expect(document.status).toBe(400);
    expect(document.errors?.map(({ index, code }) => [index, code])).toEqual([
      [1, "text-input-not-supported"],
      [2, "invalid-input"],
      [3, "invalid-input"],
      [4, "text-input-not-supported"],
    ]);
  });

  it("refuses forms without a file, with a hint for curl", async () => {
    const { app } = testApp();
    const form = new FormData();
    form.append("model", "unified-embedding");
    const document = await problem(await app.request("/v1/embeddings", { method: "POST", body: form }));
    expect(document).toMatchObject({ status: 400, error: { param: "image" } });
    expect(document.detail).toContain("-F image=@photo.jpg");
  });

  it("refuses an empty raw body and 65 files", async () => {
    const { app } = testApp();
    const empty = { method: "POST", body: new Uint8Array(), headers: { "content-type": "image/png" } };
    expect((await problem(await app.request("/v1/embeddings", empty))).status).toBe(400);
    const form = new FormData();
    for (let count = 0; count < 65; count++) form.append("image", new Blob([picture]), "photo.jpg");
    expect((await problem(await app.request("/v1/embeddings", { method: "POST", body: form }))).status).toBe(
      400,
    );
  });
});

describe("the model host", () => {
  it("may fail: the problem passes, and the next request works", async () => {
    const { postJson, inference } = testApp();
    inference.before = () => {
      throw new Problem({
        status: 503,
        code: "model-host-unavailable",
        title: "Away",
        detail: "Away.",
        retryAfter: 4,
      });
    };
    const response = await postJson({ input: dataUrl(picture) });
    expect(response.headers.get("retry-after")).toBe("4");
    expect(await problem(response)).toMatchObject({ status: 503, error: { type: "server_error" } });
    inference.before = async () => {};
    expect((await postJson({ input: dataUrl(picture) })).status).toBe(200);
  });

  it("sees a picture once, however many ask for it at the same time", async () => {
    const { postJson, inference } = testApp();
    inference.before = () => new Promise((done) => setTimeout(done, 30));
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => postJson({ input: dataUrl(picture) })),
    );
    const bodies = await Promise.all(responses.map(list));
    for (const { data } of bodies) expect(data[0]!.embedding).toEqual(bodies[0]!.data[0]!.embedding);
    expect(inference.rows).toBe(1);
  });

  it("is asked once more by those who waited for a computation that failed", async () => {
    const { postJson, inference } = testApp();
    let calls = 0;
    inference.before = async () => {
      await new Promise((done) => setTimeout(done, 30));
      calls += 1;
      if (calls === 1) throw new Problem({ status: 503, code: "away", title: "Away", detail: "Away." });
    };
    const responses = await Promise.all([1, 2, 3].map(() => postJson({ input: dataUrl(picture) })));
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 503]);
    expect(inference.rows).toBe(1);
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
