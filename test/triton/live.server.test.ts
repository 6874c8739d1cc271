/** The client and the router against a real Triton, where `TRITON_URL` names one: see `serve.py` beside this. */
import { beforeAll, describe, expect, it } from "vitest";
import { inferenceOf } from "../../functions/api/inference.ts";
import { readEmbeddingModel } from "../../src/cli/model-folder.ts";
import { InferenceClient } from "../../src/inference/client.ts";
import { DeadlineExceededError, HostRefusedError, ModelNotFoundError } from "../../src/inference/errors.ts";
import { integerVersion } from "../../src/inference/integer-version.ts";
import { pinnedName } from "../../src/runtime/manifest.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { expectClose } from "../runtime/expectations.ts";

const baseUrl = process.env.TRITON_URL ?? "";
const NAME = "unified-embedding";
/** Native int8 arithmetic differs a little between builds. */
const TOLERANCE = 0.02;

function pictures(rows: number): Tensors {
  const shape = [rows, 224, 224, 3];
  const length = shape.reduce((a, b) => a * b);
  const data = Uint8Array.from({ length }, (_, i) => 127 + 100 * Math.sin(i / 700));
  return { image: { datatype: "UINT8", shape, data } };
}

describe.skipIf(baseUrl === "")("a Triton with the exported models", () => {
  const client = new InferenceClient({
    baseUrl,
    versions: "integer",
    secret: "correct horse battery staple",
  });
  let pinned: string;
  let revision: string;
  beforeAll(async () => {
    const { manifest } = await readEmbeddingModel(NAME, "int8");
    pinned = pinnedName(manifest);
    revision = manifest.revision;
    expect(await client.ready()).toBe(true);
  });

  it("answers the revision that it is asked for, as onnxruntime in this process does", async () => {
    const { manifest, bytes } = await readEmbeddingModel(NAME, "int8");
    const session = await nativeRuntime({ provider: "cpu" }).load(bytes, { manifest, precision: "int8" });
    const inputs = pictures(2);
    const own = await session.run(inputs, ["embedding"]);
    const theirs = await client.infer(pinned, inputs, { outputs: ["embedding"] });
    expect(theirs.embedding!.shape).toEqual([2, 256]);
    expectClose(theirs.embedding!.data as Float32Array, own.embedding!.data as Float32Array, TOLERANCE);
    await session.dispose();
  });

  it("has no other revision, and no other model", async () => {
    const other = integerVersion(revision).replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
    const otherRevision = Number(other).toString(16).padStart(12, "0");
    for (const reference of [`${NAME}@${otherRevision}`, `nothing@${revision}`]) {
      await expect(client.infer(reference, pictures(1))).rejects.toThrow(ModelNotFoundError);
    }
  });

  it("says what it takes, with its versions", async () => {
    expect(await client.metadata(pinned)).toMatchObject({
      versions: [integerVersion(revision)],
      inputs: [{ name: "image", datatype: "UINT8", shape: [-1, 224, 224, 3] }],
      outputs: [{ name: "embedding" }, { name: "map" }],
    });
  });

  it("refuses tensors that do not fit, which no other host is asked about", async () => {
    const edge = { fetch: () => Promise.reject(new Error("nobody asks the edge")) };
    const env = {
      MODEL_HOST: edge,
      ORIGIN_URL: baseUrl,
      ORIGIN_VERSIONS: "integer",
      INFERENCE_FIRST: "origin",
    };
    const router = inferenceOf(env);
    const wrong: Tensors = { image: { datatype: "UINT8", shape: [1, 2], data: new Uint8Array(2) } };
    const error = await router.infer(pinned, wrong).catch((reason) => reason);
    expect(error).toBeInstanceOf(HostRefusedError);
    expect(error.hostStatus).toBe(400);
    expect(Object.keys(await router.infer(pinned, pictures(1)))).toEqual(["embedding", "map"]);
  });

  it("joins requests that wait, and drops those whose time is over", async () => {
    const many = Array.from({ length: 16 }, () =>
      client.infer(pinned, pictures(1), { outputs: ["embedding"] }),
    );
    for (const { embedding } of await Promise.all(many)) expect(embedding!.shape).toEqual([1, 256]);
    await expect(client.infer(pinned, pictures(32), { timeoutMs: 5 })).rejects.toThrow(DeadlineExceededError);
  });
});
