import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { HostUnavailableError } from "../../src/inference/errors.ts";
import { MAX_WAITING } from "../../src/inference/queue.ts";
import { readPlan } from "../../src/runtime/engine/plan.ts";
import { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";
import { encoderImage, quantisedEncoder } from "../runtime/fixtures/index.ts";
import { MODES, type ModelHost, published, readIn, startModelHost } from "./start.ts";

const HOST = "http://model-host";
const image: Tensor = { datatype: "UINT8", shape: [1, 32, 32, 3], data: encoderImage() };
const encoderNamed = (name: string) =>
  published(quantisedEncoder.options.manifest, name, quantisedEncoder.bytes);
const encoder = await encoderNamed("encoder");
const folder = new URL("../../models/unified-embedding/", import.meta.url);
const shipped = ImageEmbeddingManifest.parse(
  JSON.parse(await readFile(new URL("manifest.json", folder), "utf8")),
);

let host: ModelHost;
afterEach(() => host.stop());

const infer = (model = "encoder") => host.client.infer(model, { image });
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Holds back model files until it is opened. */
function closedGate() {
  let open = () => {};
  host.assets.gate = new Promise((resolve) => {
    open = resolve;
  });
  return () => open();
}

describe.each(MODES)("the model host %s loads models", (_, mode) => {
  const { path: file, bytes: right } = readIn(mode, encoder);
  const loads = () => host.assets.reads.filter((path) => path === file).length;

  it("only when they are used, and once for concurrent first requests", async () => {
    host = await startModelHost(mode, [encoder]);
    await host.client.metadata("encoder");
    expect(loads()).toBe(0);
    await Promise.all(Array.from({ length: 8 }, () => infer()));
    expect(loads()).toBe(1);
  });

  it("only when their checksum is right, and tries again", async () => {
    host = await startModelHost(mode, [encoder]);
    const damaged = Uint8Array.from(right);
    damaged[3000]! ^= 1;
    host.assets.files.set(file, damaged);
    const response = await host.fetch(`${HOST}/v2/health/ready`, {});
    expect(response.status).toBe(503);
    expect((await response.json()).error).toContain("sha256");
    await expect(infer()).rejects.toThrow("answered 500");
    host.assets.files.set(file, right);
    expect(await host.client.ready()).toBe(true);
    await infer();
  });

  it("from the bucket when they are not among the assets", async () => {
    host = await startModelHost(mode, [encoder]);
    host.assets.files.delete(file);
    await expect(infer()).rejects.toThrow("neither among the assets nor in the bucket");
    await host.bucket.put(file.replace("/models/", ""), right);
    await infer();
  });

  it("again after the caller who started the load went away", async () => {
    host = await startModelHost(mode, [encoder]);
    const open = closedGate();
    const controller = new AbortController();
    const gone = host.client.infer("encoder", { image }, { signal: controller.signal }).catch(() => "gone");
    await until(() => loads() === 1);
    controller.abort();
    expect(await gone).toBe("gone");
    const next = infer();
    open();
    await next;
  });

  it("while a bounded number of requests waits, and refuses more at once", async () => {
    host = await startModelHost(mode, [encoder]);
    const open = closedGate();
    const first = infer();
    await until(() => loads() === 1);
    const refused: HostUnavailableError[] = [];
    const others = Array.from({ length: MAX_WAITING + 4 }, () =>
      infer().catch((error) => refused.push(error)),
    );
    await until(() => refused.length === 4);
    expect(refused.map((error) => [error.status, error.retryAfter])).toEqual(Array(4).fill([503, 2]));
    open();
    await Promise.all([first, ...others]);
    expect(refused.length).toBe(4);
    await infer();
  });

  it("without those whose time is over before their turn comes", async () => {
    host = await startModelHost(mode, [encoder]);
    const open = closedGate();
    const first = infer();
    await until(() => loads() === 1);
    const body = JSON.stringify({
      inputs: [{ name: "image", datatype: "UINT8", shape: [1, 32, 32, 3], data: Array.from(encoderImage()) }],
    });
    const headers = { "x-corkboard-timeout-ms": "50" };
    const late = await host.fetch(`${HOST}/v2/models/encoder/infer`, { method: "POST", body, headers });
    expect(late.status).toBe(504);
    open();
    await first;
    await infer();
  });

  it("named in its configuration only, in the precision named there", async () => {
    const [one, two] = [encoder, await encoderNamed("two")];
    host = await startModelHost(mode, [one, two], { MODELS: "two:int8" });
    expect((await host.client.metadata("two")).parameters).toMatchObject({ precision: "int8" });
    expect((await host.fetch(`${HOST}/v2/models/encoder`, {})).status).toBe(404);
  });

  it("and is not ready when its configuration names one that is not there", async () => {
    host = await startModelHost(mode, [encoder], { MODELS: "encoder,typo" });
    expect(await host.client.ready()).toBe(false);
    await expect(infer()).rejects.toThrow("typo");
  });

  it("and is not ready without a registry", async () => {
    host = await startModelHost(mode, []);
    expect(await host.client.ready()).toBe(false);
    host.assets.files.delete("/models/registry.json");
    await expect(infer()).rejects.toThrow();
  });
});

describe.each(MODES)("the model host %s keeps to its memory budget", (_, mode) => {
  it("by evicting the model that was used longest ago, and loads it again when it is asked for", async () => {
    const file = shipped.files.int8!;
    const bytes = new Uint8Array(await readFile(new URL(file.path, folder)));
    const models = await Promise.all(["a", "b"].map((name) => published(shipped, name, bytes)));
    // A session of the engine takes what its plan says; one of onnxruntime-web a multiple of its file.
    const { memoryBytes } = readPlan(models[0]!.plan).header;
    const need = mode.engine === "engine" ? memoryBytes : file.bytes * 3;
    const base = mode.engine === "engine" ? 0 : 16;
    const fitsOne = base + Math.ceil((need * 1.5) / 2 ** 20);
    host = await startModelHost(mode, models, { MEMORY_BUDGET_MB: String(fitsOne) });

    const picture: Tensor = {
      datatype: "UINT8",
      shape: [1, ...shipped.input.shape.slice(1)],
      data: new Uint8Array(shipped.input.shape.slice(1).reduce((product, size) => product * size)).fill(99),
    };
    const embed = async (model: string) => {
      const outputs = await host.client.infer(model, { [shipped.input.name]: picture });
      return outputs[shipped.output.name]!.data;
    };
    const loaded = async () => {
      const all = await Promise.all(["a", "b"].map((model) => host.client.metadata(model)));
      return all.map(({ parameters }) => parameters?.loaded);
    };
    const first = await embed("a");
    expect(await loaded()).toEqual([true, false]);
    expect(await embed("b")).toEqual(first);
    expect(await loaded()).toEqual([false, true]);
    expect(await embed("a")).toEqual(first);
    expect(await loaded()).toEqual([true, false]);
    expect(await host.client.ready()).toBe(true);
    const { parameters } = await host.client.metadata("a");
    expect(parameters?.heap_bytes).toBeLessThanOrEqual(fitsOne * 2 ** 20);
  });

  it("by refusing a model that cannot fit", async () => {
    const bytes = new Uint8Array(await readFile(new URL(shipped.files.int8!.path, folder)));
    const large = await published(shipped, "large", bytes);
    const need = mode.engine === "engine" ? readPlan(large.plan).header.memoryBytes : 17 * 2 ** 20;
    const budget = String(Math.floor((need - 1) / 2 ** 20));
    host = await startModelHost(mode, [large], { MEMORY_BUDGET_MB: budget });
    const data = new Uint8Array(shipped.input.shape.slice(1).reduce((product, size) => product * size));
    const image: Tensor = { datatype: "UINT8", shape: [1, ...shipped.input.shape.slice(1)], data };
    const refused = host.client.infer("large", { [shipped.input.name]: image });
    await expect(refused).rejects.toThrow("memory budget");
  });
});
