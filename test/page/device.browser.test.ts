/** Encoding in the browser: the vectors agree with the server's, and every fallback says why. */
import { describe, expect, it } from "vitest";
import { brokenPhoto, cosine, fixture, photo } from "./pictures.ts";
import { setStage } from "./stage.ts";
import type { PictureFile } from "./visit.ts";

/** Engines and decoders round differently; a vector of another picture is much further away. */
const AGREEMENT = 0.99;

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

describe("fallbacks", () => {
  it("goes from WebGPU to WASM where there is no adapter, and says so", async () => {
    const visitor = await stage.visit({ encoder: "webgpu" });
    await visitor.choose("A", photo(13));
    await visitor.encoded("A");
    expect(await visitor.trail("A")).toMatch(/^WebGPU: (no adapter|not in this browser) → WASM$/);
  });

  it("goes to the server where models cannot be fetched, and says so", async () => {
    const visitor = await stage.visit({ encoder: "auto" });
    await visitor.page.context().route("**/*.onnx", (route) => route.fulfill({ status: 503 }));
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
    await visitor.page.context().route("**/*.onnx", (route) => route.fulfill({ status: 503 }));
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
    expect(await visitor.trail("A")).toBe("WASM");
  });
});
