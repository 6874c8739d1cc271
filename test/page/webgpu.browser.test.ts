/** Encoding on WebGPU. An emulated GPU is slow, so that there are few pictures here. */
import { expect, it } from "vitest";
import { cosine, photo } from "./pictures.ts";
import { setStage } from "./stage.ts";

const stage = setStage({ webgpu: true });

it("agrees with the server", async () => {
  const visitor = await stage.visit({ encoder: "webgpu" });
  await visitor.choose("A", photo(21));
  await visitor.encoded("A");
  expect(await visitor.badges("A")).toEqual(["computed", "this device, WebGPU"]);
  expect(await visitor.trail("A")).toBe("WebGPU (onnxruntime-web)");
  const onGpu = await visitor.embedding("A");

  await visitor.encodeOn("server");
  await visitor.place("A").getByText("server", { exact: true }).waitFor();
  expect(cosine(onGpu, await visitor.embedding("A"))).toBeGreaterThanOrEqual(0.99);
  expect(visitor.errors).toEqual([]);
});

it("is not chosen automatically where the processor only emulates a GPU", async () => {
  const visitor = await stage.visit({ encoder: "auto" });
  await visitor.choose("A", photo(22));
  await visitor.encoded("A");
  expect(await visitor.trail("A")).toBe(
    "WebGPU: only an emulated GPU → WASM (Corkboard engine, relaxed SIMD)",
  );
});
