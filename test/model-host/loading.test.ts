import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, it } from "vitest";
import type { HostUnavailableError } from "../../src/inference/errors.ts";
import { MAX_WAITING } from "../../src/inference/queue.ts";
import { ImageEmbeddingManifest } from "../../src/runtime/manifest.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";
import { encoder, encoderPixels } from "../runtime/fixtures/index.ts";
import { type ModelHost, pathOf, published, startModelHost } from "./start.ts";

const HOST = "http://model-host";
const pixels: Tensor = { datatype: "FP32", shape: [1, 3, 32, 32], data: encoderPixels() };
const encoderModel = () => published(encoder.options.manifest, "encoder", encoder.bytes);
const FILE = pathOf((await encoderModel()).manifest);

let host: ModelHost;
afterEach(() => host.stop());

const infer = (model = "encoder") => host.client.infer(model, { pixels });
const loads = () => host.assets.reads.filter((path) => path === FILE).length;
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

describe("the model host loads models", () => {
  it("only when they are used, and once for concurrent first requests", async () => {
    host = await startModelHost([await encoderModel()]);
    await host.client.metadata("encoder");
    expect(loads()).toBe(0);
    await Promise.all(Array.from({ length: 8 }, () => infer()));
    expect(loads()).toBe(1);
  });

  it("only when their checksum is right, and tries again", async () => {
    host = await startModelHost([await encoderModel()]);
    const damaged = Uint8Array.from(encoder.bytes);
    damaged[5000]! ^= 1;
    host.assets.files.set(FILE, damaged);
    const response = await host.fetch(`${HOST}/v2/health/ready`, {});
    expect(response.status).toBe(503);
    expect((await response.json()).error).toContain("sha256");
    await expect(infer()).rejects.toThrow("answered 500");
    host.assets.files.set(FILE, encoder.bytes);
    expect(await host.client.ready()).toBe(true);
    await infer();
  });

  it("from the bucket when they are not among the assets", async () => {
    host = await startModelHost([await encoderModel()]);
    host.assets.files.delete(FILE);
    await expect(infer()).rejects.toThrow("neither among the assets nor in the bucket");
    await host.bucket.put(FILE.replace("/models/", ""), encoder.bytes);
    await infer();
  });

  it("again after the caller who started the load went away", async () => {
    host = await startModelHost([await encoderModel()]);
    const open = closedGate();
    const controller = new AbortController();
    const gone = host.client.infer("encoder", { pixels }, { signal: controller.signal }).catch(() => "gone");
    await until(() => loads() === 1);
    controller.abort();
    expect(await gone).toBe("gone");
    const next = infer();
    open();
    await next;
  });

  it("while a bounded number of requests waits, and refuses more at once", async () => {
    host = await startModelHost([await encoderModel()]);
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
    host = await startModelHost([await encoderModel()]);
    const open = closedGate();
    const first = infer();
    await until(() => loads() === 1);
    const body = JSON.stringify({
      inputs: [
        { name: "pixels", datatype: "FP32", shape: [1, 3, 32, 32], data: Array.from(encoderPixels()) },
      ],
    });
    const headers = { "x-corkboard-timeout-ms": "50" };
    const late = await host.fetch(`${HOST}/v2/models/encoder/infer`, { method: "POST", body, headers });
    expect(late.status).toBe(504);
    open();
    await first;
    await infer();
  });

  it("named in its configuration only, in the precision named there", async () => {
    const [one, two] = [
      await encoderModel(),
      await published(encoder.options.manifest, "two", encoder.bytes),
    ];
    host = await startModelHost([one, two], { MODELS: "two:fp32" });
    expect((await host.client.metadata("two")).parameters).toMatchObject({ precision: "fp32" });
    expect((await host.fetch(`${HOST}/v2/models/encoder`, {})).status).toBe(404);
  });

  it("and is not ready when its configuration names one that is not there", async () => {
    host = await startModelHost([await encoderModel()], { MODELS: "encoder,typo" });
    expect(await host.client.ready()).toBe(false);
    await expect(infer()).rejects.toThrow("typo");
  });

  it("and is not ready without a registry", async () => {
    host = await startModelHost([]);
    expect(await host.client.ready()).toBe(false);
    host.assets.files.delete("/models/registry.json");
    await expect(infer()).rejects.toThrow();
  });
});

describe("the model host keeps to its memory budget", () => {
  it("by evicting the model that was used longest ago, and loads it again when it is asked for", async () => {
    const folder = new URL("../../models/unified-embedding/", import.meta.url);
    const draft = ImageEmbeddingManifest.parse(
      JSON.parse(await readFile(new URL("manifest.json", folder), "utf8")),
    );
    const file = Object.values(draft.files)[0]!;
    const bytes = new Uint8Array(await readFile(new URL(file.path, folder)));
    const models = await Promise.all(["a", "b"].map((name) => published(draft, name, bytes)));
    const fitsOne = 16 + Math.ceil((file.bytes * 3 * 1.5) / 2 ** 20);
    host = await startModelHost(models, { MEMORY_BUDGET_MB: String(fitsOne) });

    const picture: Tensor = {
      datatype: "UINT8",
      shape: [1, ...draft.input.shape.slice(1)],
      data: new Uint8Array(draft.input.shape.slice(1).reduce((product, size) => product * size)).fill(99),
    };
    const embed = async (model: string) => {
      const outputs = await host.client.infer(model, { [draft.input.name]: picture });
      return outputs[draft.output.name]!.data;
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
    host = await startModelHost([await encoderModel()], { MEMORY_BUDGET_MB: "16" });
    await expect(infer()).rejects.toThrow("memory budget");
  });
});
