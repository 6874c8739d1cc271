/** Encoding in the browser: the vectors agree with the server's, and every fallback says why. */
import { describe, expect, it } from "vitest";
import { brokenPhoto, cosine, fixture, photo } from "./pictures.ts";
import { setStage } from "./stage.ts";
import type { PictureFile } from "./visit.ts";

/** Engines and decoders round differently; a vector of another picture is much further away. */
const AGREEMENT = 0.99;

/** Where models are; the engines' code is elsewhere. */
const MODEL_FILES = "**/models/*/*/*";
const ENGINE_FILES = "**/assets/engine/*.wasm";

const stage = setStage();

async function embeddingOn(encoder: "wasm" | "server", file: PictureFile): Promise<number[]> {
  const visitor = await stage.visit({ encoder });
  await visitor.choose("A", file);
  await visitor.encoded("A");
  const where = encoder === "wasm" ? "this device, WASM" : "server";
  expect(await visitor.badges("A")).toContain(where);
  expect(visitor.errors).toEqual([]);
  return visitor.embedding("A");
}

describe("WASM", () => {
  it.each([
    ["a photograph", photo(11)],
    ["a photograph that its EXIF data turn", fixture("JPEG, orientation 6", "image/jpeg")],
    ["a picture with transparent parts", fixture("PNG, RGBA", "image/png")],
    ["a lossy WebP", fixture("WebP, lossy", "image/webp")],
  ])("gives %s the server's vector", async (_, file) => {
    const here = await embeddingOn("wasm", file);
    expect(cosine(here, await embeddingOn("server", file))).toBeGreaterThanOrEqual(AGREEMENT);
  });

  it("computes although the cache has it, because it was asked for by name", async () => {
    await embeddingOn("server", photo(12));
    const visitor = await stage.visit({ encoder: "wasm" });
    await visitor.choose("A", photo(12));
    await visitor.encoded("A");
    expect(await visitor.badges("A")).toContain("computed");
  });
});

describe("the engine behind WASM", () => {
  it("is Corkboard's own, on relaxed SIMD, and nothing of onnxruntime-web is fetched", async () => {
    const visitor = await stage.visit({ encoder: "wasm" });
    const fetched: string[] = [];
    visitor.page.context().on("request", (request) => fetched.push(new URL(request.url()).pathname));
    await visitor.choose("A", photo(17));
    await visitor.encoded("A");
    expect(await visitor.trail("A")).toBe("WASM (Corkboard engine, relaxed SIMD)");
    expect(fetched).toContainEqual(expect.stringMatching(/^\/assets\/engine\/relaxed-\w+\.wasm$/));
    expect(fetched).toContainEqual(expect.stringMatching(/\.plan$/));
    expect(fetched.filter((path) => /simd-threaded|ort|\.onnx$/.test(path))).toEqual([]);
  });

  it("is its build without relaxed SIMD where the browser does not take the other, with the same vector", async () => {
    const relaxed = await embeddingOn("wasm", photo(17));
    const visitor = await stage.visit({ encoder: "wasm" });
    // Bytes that do not validate are what relaxed instructions are to a browser that lacks them.
    const unknown = Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0xff]);
    await visitor.page.context().route("**/relaxed-*.wasm", (route) => route.fulfill({ body: unknown }));
    await visitor.choose("A", photo(17));
    await visitor.encoded("A");
    expect(await visitor.trail("A")).toBe("WASM (Corkboard engine, SIMD)");
    expect(await visitor.embedding("A")).toEqual(relaxed);
  });

  it.each([
    ["its kernels cannot be fetched", ENGINE_FILES, "relaxed.wasm: the server answered 503"],
    ["its plan cannot be fetched", "**/*.plan", ".*plan: the server answered 503"],
  ])("is onnxruntime-web where %s, and the trail says so", async (_, files, reason) => {
    const visitor = await stage.visit({ encoder: "wasm" });
    await visitor.page.context().route(files, (route) => route.fulfill({ status: 503 }));
    await visitor.choose("A", photo(17));
    await visitor.encoded("A");
    const trail = new RegExp(`^Corkboard engine: ${reason} → WASM \\(onnxruntime-web\\)$`);
    expect(await visitor.trail("A")).toMatch(trail);
    expect(cosine(await visitor.embedding("A"), await embeddingOn("server", photo(17)))).toBeGreaterThan(
      AGREEMENT,
    );
  });

  it("is onnxruntime-web for a model without a plan", async () => {
    const visitor = await stage.visit({ encoder: "wasm", plans: {} });
    await visitor.choose("A", photo(17));
    await visitor.encoded("A");
    expect(await visitor.trail("A")).toBe("WASM (onnxruntime-web)");
  });
});

describe("fallbacks", () => {
  it("goes from WebGPU to WASM where there is no adapter, and says so", async () => {
    const visitor = await stage.visit({ encoder: "webgpu" });
    await visitor.choose("A", photo(13));
    await visitor.encoded("A");
    expect(await visitor.trail("A")).toMatch(
      /^WebGPU: (no adapter|not in this browser) → WASM \(Corkboard engine, relaxed SIMD\)$/,
    );
  });

  it("goes to the server where models cannot be fetched, and says so", async () => {
    const visitor = await stage.visit({ encoder: "auto" });
    await visitor.page.context().route(MODEL_FILES, (route) => route.fulfill({ status: 503 }));
    await visitor.choose("A", photo(14));
    await visitor.encoded("A");
    expect(await visitor.trail("A")).toMatch(/WASM: .*the server answered 503 → Server$/);
  });

  it("leaves broken pictures to the server, whose problem is shown", async () => {
    const visitor = await stage.visit({ encoder: "auto" });
    await visitor.choose("A", brokenPhoto());
    await visitor.settled("A");
    expect(await visitor.place("A").getByRole("alert").textContent()).toContain(
      "The picture cannot be decoded",
    );
  });

  it("never sends a picture away when this device was asked for by name", async () => {
    const visitor = await stage.visit({ encoder: "wasm" });
    await visitor.page.context().route(MODEL_FILES, (route) => route.fulfill({ status: 503 }));
    const uploads: string[] = [];
    visitor.page.on("request", (request) => request.method() === "POST" && uploads.push(request.url()));
    await visitor.choose("A", photo(16));
    await visitor.settled("A");
    expect(await visitor.place("A").getByRole("alert").textContent()).toContain(
      "The model cannot be fetched",
    );
    expect(uploads).toEqual([]);
  });

  it("encodes again when another encoder is chosen", async () => {
    const visitor = await stage.visit({ encoder: "server" });
    await visitor.choose("A", photo(15));
    await visitor.encoded("A");
    await visitor.encodeOn("wasm");
    await visitor.place("A").getByText("this device, WASM").waitFor();
    expect(await visitor.trail("A")).toBe("WASM (Corkboard engine, relaxed SIMD)");
  });
});
