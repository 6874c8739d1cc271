import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Problem } from "../../src/problem.ts";
import { list, problem } from "./answers.ts";
import { PINNED, testApp } from "./fakes.ts";
import { dataUrl, drawJpeg } from "./pictures.ts";

const picture = drawJpeg(1);
const other = drawJpeg(2);
const broken = drawJpeg(3).slice(0, 300);
const _sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("refusals", () => {
  it.each([
    ["a sentence", "a red dress", "text-input-not-supported"],
    ["sentences", ["a red dress", "blue shoes"], "text-input-not-supported"],
    ["a text with its name", { text: "a red dress" }, "text-input-not-supported"],
    ["tokens", [1, 2, 3], "token-input-not-supported"],
    ["arrays of tokens", [[1, 2], [3]], "token-input-not-supported"],
    ["too much text", Array.from({ length: 5 }, () => "word ".repeat(2_000)), "invalid-input"],
    ["an empty string", "", "invalid-input"],
    ["blanks", [" \n"], "invalid-input"],
    ["an endless text", "word ".repeat(2_001), "invalid-input"],
  ])("refuses %s for a model that sees pictures only, and says why", async (_, input, code) => {
    const document = await problem(await testApp().postJson({ input }));
    expect(document.status).toBe(400);
    const codes = [document.code, ...(document.errors ?? []).map((error) => error.code)];
    expect(codes).toContain(code);
  });

  it("refuses arrays in arrays without end", async () => {
    const { app } = testApp();
    const body = `{"input":${"[".repeat(20_000)}1${"]".repeat(20_000)}}`;
    const headers = { "content-type": "application/json" };
    const document = await problem(await app.request("/v1/embeddings", { method: "POST", body, headers }));
    expect(document.status).toBe(400);
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
      [2, "invalid-input"],
      [3, "invalid-input"],
      [4, "invalid-input"],
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
