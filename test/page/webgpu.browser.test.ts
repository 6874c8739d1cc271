/** Encoding on WebGPU. A software adapter is slow, so that there are few pictures here. */
import { expect, it } from "vitest";
import { cosine, photo } from "./pictures.ts";
import { setStage } from "./stage.ts";

const stage = setStage({ webgpu: true });

it("chooses WebGPU by itself where there is an adapter, and agrees with the server", async () => {
  const visitor = await stage.visit({ encoder: "auto" });
  await visitor.choose("A", photo(21));
  await visitor.encoded("A");
  expect(await visitor.badges("A")).toEqual(["computed", "this device, WebGPU"]);
  expect(await visitor.trail("A")).toBe("WebGPU");
  const onGpu = await visitor.embedding("A");

  await visitor.encodeOn("server");
  await visitor.place("A").getByText("server", { exact: true }).waitFor();
  expect(cosine(onGpu, await visitor.embedding("A"))).toBeGreaterThanOrEqual(0.99);
  expect(visitor.errors).toEqual([]);
});
