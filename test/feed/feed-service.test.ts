/** Which ranker the feed of a deployment has. */
import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { feedOf } from "../../src/http/feed-service.ts";
import { ModelManifest } from "../../src/runtime/manifest.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";
import { worldOf } from "./memory-world.ts";

const manifest = ModelManifest.parse(
  JSON.parse(await readFile(new URL("../../models/feed-ranker/manifest.json", import.meta.url), "utf8")),
);

/** A deployment with the ranker, whose catalogue has item vectors of this model. */
async function slateOf(content: string, models: readonly ModelManifest[]) {
  const { catalog, people } = worldOf(20);
  const [model, revision] = content.split("@") as [string, string];
  const space = { model, revision, dimensions: 2 };
  Object.assign(catalog, { serving: async () => ({ picture: space, look: undefined, item: space }) });
  people.actions = [{ item: "item-0", action: "click", at: people.now - 1_000 }];
  const asked: string[] = [];
  const infer = async (name: string, { features }: Tensors): Promise<Tensors> => {
    asked.push(name);
    const count = features!.shape[0]!;
    return {
      probabilities: { datatype: "FP32", shape: [count, 5], data: new Float32Array(5 * count).fill(0.25) },
    };
  };
  const logs: object[] = [];
  const options = { people, catalog, log: (record: object) => logs.push(record) };
  const feed = feedOf({ models, inference: { infer } }, options as never);
  return { slate: await feed.slate({ user: "u-1", limit: 3 }), asked, logs };
}

it("is the shipped one, where it knows the vectors of the catalogue's items", async () => {
  if (manifest.task !== "ranking") throw new Error("no ranker");
  const { slate, asked } = await slateOf(manifest.ranking.content, [manifest]);
  const model = `feed-ranker@${manifest.revision}`;
  expect(asked).toEqual([model]);
  expect(slate.items[0]).toMatchObject({ model, scores: { click: 0.25, hide: 0.25, utility: 0.75 } });
});

it("is none for vectors of another revision, nor without the model", async () => {
  for (const models of [[manifest], []]) {
    const { slate, asked } = await slateOf("itemsage@000000000000", models);
    expect([slate.path, asked]).toEqual(["edge", []]);
    expect(Object.keys(slate.items[0]!.scores!)).toEqual(["utility"]);
  }
});

it("is none that reads other features, which is said once", async () => {
  if (manifest.task !== "ranking") throw new Error("no ranker");
  const foreign = { ...manifest, ranking: { ...manifest.ranking, features: ["age"] } };
  const { slate, asked, logs } = await slateOf(manifest.ranking.content, [foreign]);
  expect([slate.path, asked]).toEqual(["edge", []]);
  expect(logs).toEqual([{ level: "warn", event: "setting", detail: expect.stringContaining("age") }]);
});
