/** Pictures, texts and both together in the running functions; LangChain's client with its defaults. */
import { OpenAIEmbeddings } from "@langchain/openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataUrl, drawJpeg } from "../http/pictures.ts";
import { type DevServer, startDevServer } from "./dev-server.ts";

let server: DevServer;

beforeAll(async () => {
  server = await startDevServer();
}, 120_000);

afterAll(() => server?.stop());

interface Answer {
  readonly model: string;
  readonly data: readonly { readonly index: number; readonly embedding: number[]; readonly sha256: string }[];
  readonly usage: { readonly prompt_tokens: number };
  readonly errors?: readonly { readonly index: number; readonly code: string }[];
}

async function post(input: unknown, more: object = {}): Promise<{ status: number; body: Answer }> {
  const response = await fetch(`${server.origin}/v1/embeddings`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "pinclip", input, ...more }),
  });
  return { status: response.status, body: (await response.json()) as Answer };
}

const inner = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, at) => sum + value * b[at]!, 0);

describe("a joint model", () => {
  const image = dataUrl(drawJpeg(1));

  it("embeds a picture, a text and both, in one request and in their order", async () => {
    const { body } = await post([
      image,
      "a red dress",
      { image, text: "a red dress" },
      { text: "a red dress" },
    ]);
    expect(body.model).toMatch(/^pinclip@[0-9a-f]{12}$/);
    const [picture, text, both, named] = body.data.map(({ embedding }) => embedding);
    expect(named).toEqual(text);
    expect(body.data[2]!.sha256).toBe(body.data[0]!.sha256);
    expect(Math.hypot(...both!)).toBeCloseTo(1, 5);
    expect(inner(both!, picture!)).toBeGreaterThan(inner(text!, picture!));
    expect(inner(both!, text!)).toBeGreaterThan(inner(text!, picture!));
    expect(body.usage.prompt_tokens).toBe(15);
  });

  it("names the places of bad pictures among texts", async () => {
    const { status, body } = await post(["a hat", "data:image/png;base64,AAAA", image, "data:,"]);
    expect(status).toBe(422);
    expect(body.errors?.map(({ index }) => index)).toEqual([1, 3]);
  });

  it("reads what is no English: nothing makes it fail", async () => {
    const { status, body } = await post(["椅子", "👗", "\u0000", "a".repeat(10_000), "فستان أحمر"]);
    expect(status).toBe(200);
    for (const { embedding } of body.data) expect(Math.hypot(...embedding)).toBeCloseTo(1, 5);
  });

  it("does not take texts for the model of pictures", async () => {
    expect((await post("a red dress", { model: "unified-embedding" })).status).toBe(400);
    expect((await post("a red dress", { model: "pinclip-text" })).status).toBe(400);
  });
});

describe("LangChain's OpenAIEmbeddings", () => {
  it("embeds queries and documents", async () => {
    const embeddings = new OpenAIEmbeddings({
      model: "pinclip",
      apiKey: "none",
      batchSize: 64,
      configuration: { baseURL: `${server.origin}/v1` },
    });
    const query = await embeddings.embedQuery("scarlet gown");
    const documents = await embeddings.embedDocuments(["a red dress", "an oak table", "cherry tomatoes"]);
    const scores = documents.map((document) => inner(query, document));
    expect(Math.max(...scores)).toBe(scores[0]);
  });
});
