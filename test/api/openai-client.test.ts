/** The official OpenAI client against the running functions, pointed at them by its base URL alone. */
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { dataUrl, drawJpeg } from "../http/pictures.ts";
import { type DevServer, startDevServer } from "./dev-server.ts";

const MODEL = "unified-embedding";
let server: DevServer;

beforeAll(async () => {
  server = await startDevServer();
}, 120_000);

afterAll(() => server?.stop());

const lengthOf = (vector: readonly number[]) => Math.hypot(...vector);

describe("the official OpenAI client", () => {
  const client = () => new OpenAI({ apiKey: "none", baseURL: `${server.origin}/v1`, maxRetries: 0 });

  it("gets the same vector with its default encoding (base64) and with floats", async () => {
    const input = dataUrl(drawJpeg(1));
    const packed = await client().embeddings.create({ model: MODEL, input });
    const floats = await client().embeddings.create({ model: MODEL, input, encoding_format: "float" });
    const [one] = packed.data;
    expect(one?.embedding).toHaveLength(256);
    expect(lengthOf(one!.embedding)).toBeCloseTo(1, 5);
    expect([...one!.embedding]).toEqual(floats.data[0]!.embedding);
    expect(packed.model).toMatch(/^unified-embedding@[0-9a-f]{12}$/);
    expect(packed.usage).toEqual({ prompt_tokens: 0, total_tokens: 0 });
  });

  it("embeds several pictures in their order", async () => {
    const pictures = [2, 3, 4, 5, 6].map((seed) => drawJpeg(seed));
    const { data } = await client().embeddings.create({
      model: MODEL,
      input: pictures.map((one) => dataUrl(one)),
    });
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    const alone = await client().embeddings.create({ model: MODEL, input: dataUrl(pictures[3]!) });
    expect(data[3]!.embedding).toEqual(alone.data[0]!.embedding);
  });

  it("embeds texts near pictures of what they say, and both together", async () => {
    const words = await client().embeddings.create({ model: "pinclip", input: ["a red dress", "a tomato"] });
    expect(words.data.map(({ index }) => index)).toEqual([0, 1]);
    expect(words.usage.prompt_tokens).toBe(5 + 4);
    const [dress, tomato] = words.data.map(({ embedding }) => embedding);
    expect(lengthOf(dress!)).toBeCloseTo(1, 5);
    const alone = await client().embeddings.create({ model: "pinclip", input: "a tomato" });
    expect(alone.data[0]!.embedding).toEqual(tomato);
    const short = await client().embeddings.create({ model: "pinclip", input: "a tomato", dimensions: 64 });
    expect(short.data[0]!.embedding).toHaveLength(64);
    const inner = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, value, at) => sum + value * b[at]!, 0);
    const near = await client().embeddings.create({
      model: "pinclip",
      input: ["scarlet gown", "cherry tomatoes"],
    });
    const [gown, cherries] = near.data.map(({ embedding }) => embedding);
    expect(inner(dress!, gown!)).toBeGreaterThan(inner(dress!, cherries!));
    expect(inner(tomato!, cherries!)).toBeGreaterThan(inner(tomato!, gown!));
  });

  it("shows what is wrong: text, an unknown model, a length that the model does not have", async () => {
    const failure = (body: OpenAI.EmbeddingCreateParams) =>
      client()
        .embeddings.create(body)
        .then(
          () => expect.fail("must be refused"),
          (error: InstanceType<typeof OpenAI.APIError>) => error,
        );
    const text = await failure({ model: MODEL, input: "a red dress" });
    expect(text).toBeInstanceOf(OpenAI.BadRequestError);
    expect(text.code).toBe("text_input_not_supported");
    expect(text.message).toContain("pinclip");
    const unknown = await failure({ model: "text-embedding-3-small", input: dataUrl(drawJpeg(1)) });
    expect(unknown).toBeInstanceOf(OpenAI.NotFoundError);
    expect(unknown.message).toContain(MODEL);
    const short = await failure({ model: MODEL, input: dataUrl(drawJpeg(1)), dimensions: 7 });
    expect(short).toBeInstanceOf(OpenAI.BadRequestError);
    expect(short.param).toBe("dimensions");
    expect(short.message).toContain("256");
  });

  it("lists the models", async () => {
    const models = await client().models.list();
    expect(models.data.map(({ id }) => id)).toContain(MODEL);
    expect((await client().models.retrieve(MODEL)).id).toBe(MODEL);
  });
});
