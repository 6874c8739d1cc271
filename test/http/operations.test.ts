import { describe, expect, it } from "vitest";
import { PROBE_PICTURE } from "../../src/http/probe-picture.ts";
import { Counter, Histogram } from "../../src/http/prometheus.ts";
import { parseDataUrl } from "../../src/media/data-url.ts";
import { decodePicture } from "../../src/media/decode.ts";
import { Problem } from "../../src/problem.ts";
import { PINNED, TINY, testApp } from "./fakes.ts";
import { dataUrl, drawJpeg } from "./pictures.ts";

describe("models", () => {
  it("are listed as OpenAI lists them, with their facts", async () => {
    const response = await testApp().app.request("/v1/models");
    expect(await response.json()).toMatchObject({
      object: "list",
      data: [
        {
          id: TINY.name,
          object: "model",
          created: 0,
          pinned: PINNED,
          dimensions: 16,
          prefixes: [8],
          preprocess: { width: 8 },
        },
      ],
    });
  });

  it("are found by name and by pinned name", async () => {
    const { app } = testApp();
    expect(await (await app.request(`/v1/models/${TINY.name}`)).json()).toMatchObject({ id: TINY.name });
    expect(await (await app.request(`/v1/models/${PINNED}`)).json()).toMatchObject({ id: TINY.name });
    expect((await app.request("/v1/models/clip")).status).toBe(404);
  });
});

describe("health", () => {
  it("is live without a model host", async () => {
    const response = await testApp().app.request("/health/live");
    expect(await response.json()).toEqual({ status: "live" });
  });

  it("is ready after a real embedding, which stands for a while", async () => {
    const { app, inference } = testApp();
    const response = await app.request("/health/ready");
    expect(await response.json()).toMatchObject({ status: "ready", models: [{ id: PINNED }] });
    expect((await app.request("/health/ready")).status).toBe(200);
    expect(inference.calls).toBe(1);
  });

  it("is not ready while the model host is away, and ready when it is back", async () => {
    const { app, inference } = testApp();
    inference.before = () => {
      throw new Problem({ status: 503, code: "away", title: "Away", detail: "The host is away." });
    };
    const away = await app.request("/health/ready");
    expect(away.status).toBe(503);
    expect(away.headers.get("retry-after")).toBe("2");
    expect(await away.json()).toMatchObject({
      code: "not-ready",
      detail: expect.stringContaining("The host is away"),
    });
    inference.before = async () => {};
    expect((await app.request("/health/ready")).status).toBe(200);
  });

  it("is not ready without models", async () => {
    expect((await testApp({ models: [] }).app.request("/health/ready")).status).toBe(503);
  });

  it("probes with a picture that decodes", async () => {
    expect(await decodePicture(parseDataUrl(PROBE_PICTURE).bytes)).toMatchObject({ width: 16, height: 16 });
  });
});

describe("metrics", () => {
  it("count requests, cache outcomes and inferences", async () => {
    const { app, postJson } = testApp();
    await postJson({ input: [dataUrl(drawJpeg(1)), dataUrl(drawJpeg(2))] });
    await postJson({ input: dataUrl(drawJpeg(1)) });
    await app.request("/nothing");
    const response = await app.request("/metrics");
    expect(response.headers.get("content-type")).toContain("text/plain; version=0.0.4");
    const lines = (await response.text()).split("\n");
    expect(lines).toContain(
      'corkboard_http_requests_total{route="/v1/embeddings",method="POST",status="200"} 2',
    );
    expect(lines).toContain('corkboard_http_requests_total{route="none",method="GET",status="404"} 1');
    expect(lines).toContain('corkboard_http_request_duration_seconds_count{route="/v1/embeddings"} 2');
    expect(lines).toContain('corkboard_embedding_cache_total{outcome="miss"} 2');
    expect(lines).toContain('corkboard_embedding_cache_total{outcome="edge"} 1');
    expect(lines).toContain('corkboard_inferences_total{model="unified-embedding",result="ok"} 1');
    expect(lines).toContain('corkboard_pictures_embedded_total{model="unified-embedding"} 2');
    expect(lines).toContain("corkboard_http_requests_in_flight 1");
  });

  it("escape labels", () => {
    const counter = new Counter("c", "help");
    counter.add({ label: 'a"b\\c\nd' });
    expect(counter.lines().at(-1)).toBe('c{label="a\\"b\\\\c\\nd"} 1');
  });

  it("have cumulative buckets", () => {
    const histogram = new Histogram("h", "help");
    for (const seconds of [0.001, 0.02, 100]) histogram.observe({}, seconds);
    const lines = histogram.lines();
    expect(lines).toContain('h_bucket{le="0.005"} 1');
    expect(lines).toContain('h_bucket{le="0.025"} 2');
    expect(lines).toContain('h_bucket{le="30"} 2');
    expect(lines).toContain('h_bucket{le="+Inf"} 3');
    expect(lines).toContain("h_count 3");
  });
});

interface Operation {
  readonly operationId?: string;
  readonly summary?: string;
  readonly responses: object;
}

describe("the OpenAPI document", () => {
  it("describes every route, with its problems", async () => {
    const { app } = testApp();
    const document = (await (await app.request("/openapi.json")).json()) as {
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
      components: { schemas: object };
    };
    expect(document.openapi).toBe("3.1.0");
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    for (const { operationId, summary } of operations)
      expect([operationId, summary]).not.toContain(undefined);
    const served = app.routes.filter(
      ({ method, path }) => method !== "ALL" && path !== "/openapi.json" && !path.includes("*"),
    );
    const paths = new Set(served.map(({ path }) => path.replace(/:(\w+)/g, "{$1}")));
    expect([...paths].sort()).toEqual(Object.keys(document.paths).sort());
    expect(Object.keys(document.components.schemas)).toEqual(
      expect.arrayContaining(["EmbeddingRequest", "EmbeddingList", "StoredEmbedding", "Model", "Problem"]),
    );
    const create = document.paths["/v1/embeddings"]!.post!;
    expect(Object.keys(create.responses)).toEqual(
      expect.arrayContaining(["200", "400", "413", "422", "503"]),
    );
    expect(JSON.stringify(document)).toContain("multipart/form-data");
  });
});
