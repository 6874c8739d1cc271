import { describe, expect, it } from "vitest";
import { createApp } from "../../../src/http/app.ts";
import { MAX_OBJECTS } from "../../../src/vision/object-detection.ts";
import { problem } from "../answers.ts";
import { MemoryBucket, MemoryEdge, TINY } from "../fakes.ts";
import { dataUrl } from "../pictures.ts";
import { GRID_DETECTOR, SceneInference } from "./fake-detector.ts";
import { BLUE, gridJpeg, oriented, RED } from "./pictures.ts";

function sceneApp() {
  const inference = new SceneInference();
  const [bucket, edge] = [new MemoryBucket(), new MemoryEdge()];
  const models = [TINY, GRID_DETECTOR];
  const app = createApp({ models, inference, bucket, edge, log: () => undefined });
  const detect = (body: unknown) =>
    app.request("/v1/detect", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  return { app, inference, bucket, edge, detect };
}

interface Detection {
  readonly sha256: string;
  readonly model: string;
  readonly objects: { readonly box: number[]; readonly category: string; readonly score: number }[];
}

async function detection(response: Response): Promise<Detection> {
  expect(response.status).toBe(200);
  return (await response.json()) as Detection;
}

const scene = gridJpeg({ 0: RED, 15: BLUE });

describe("POST /v1/detect", () => {
  it("answers boxes in fractions of the picture, with categories and scores, the most certain first", async () => {
    const { detect } = sceneApp();
    const response = await detect({ image: dataUrl(scene) });
    expect(response.headers.get("x-corkboard-cache")).toBe("miss");
    expect(response.headers.get("server-timing")).toMatch(/detect/);
    const { model, objects } = await detection(response);
    expect(model).toBe("shop-the-look@ba9876543210");
    expect(objects.map(({ category }) => category).sort()).toEqual(["chair", "lamp"]);
    const chair = objects.find(({ category }) => category === "chair")!;
    expect(chair.box).toEqual([0, 0, 0.25, 0.25]);
    expect(objects[0]!.score).toBeGreaterThanOrEqual(objects[1]!.score);
  });

  it("takes JSON, forms and raw bodies alike", async () => {
    const { app, detect } = sceneApp();
    const form = new FormData();
    form.append("image", new Blob([scene]), "room.jpg");
    const raw = { method: "POST", body: scene, headers: { "content-type": "image/jpeg" } };
    const answers = await Promise.all(
      [
        await detect({ image: dataUrl(scene) }),
        await app.request("/v1/detect", { method: "POST", body: form }),
        await app.request("/v1/detect", raw),
      ].map(detection),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
  });

  it("takes the same options in a form and in a query", async () => {
    const { app } = sceneApp();
    const form = new FormData();
    form.append("image", new Blob([scene]), "room.jpg");
    form.append("categories", "lamp");
    const asForm = await app.request("/v1/detect", { method: "POST", body: form });
    const raw = { method: "POST", body: scene, headers: { "content-type": "image/jpeg" } };
    const asQuery = await app.request("/v1/detect?categories=lamp&max_objects=1", raw);
    for (const { objects } of await Promise.all([asForm, asQuery].map(detection))) {
      expect(objects.map(({ category }) => category)).toEqual(["lamp"]);
    }
  });

  it("answers fractions of the picture, not of the square that it is padded to", async () => {
    const { detect } = sceneApp();
    const column = gridJpeg({ 1: RED, 5: RED, 9: RED, 13: RED }, 512, 256);
    const wide = await detection(await detect({ image: dataUrl(column) }));
    expect(wide.objects.map(({ box }) => box).sort()).toEqual([
      [0.25, 0, 0.5, 0.5],
      [0.25, 0.5, 0.5, 1],
    ]);
    const row = gridJpeg({ 4: RED, 5: RED, 6: RED, 7: RED }, 128, 512);
    const tall = await detection(await detect({ image: dataUrl(row) }));
    expect(tall.objects.map(({ box }) => box)).toEqual([[0, 0.25, 0.5, 0.5]]);
  });

  it("sees pictures as their EXIF orientation says", async () => {
    const { detect } = sceneApp();
    const upright = await detection(await detect({ image: dataUrl(gridJpeg({ 3: RED })) }));
    const turned = await detection(await detect({ image: dataUrl(oriented(gridJpeg({ 0: RED }), 6)) }));
    expect(turned.objects.map(({ box }) => box)).toEqual(upright.objects.map(({ box }) => box));
  });

  it("answers no objects for an empty scene, and all of a full one", async () => {
    const { detect } = sceneApp();
    expect((await detection(await detect({ image: dataUrl(gridJpeg({})) }))).objects).toEqual([]);
    const full = Object.fromEntries(Array.from({ length: 16 }, (_, cell) => [cell, RED]));
    const { objects } = await detection(await detect({ image: dataUrl(gridJpeg(full)) }));
    expect(objects).toHaveLength(16);
  });

  it("takes a picture of one pixel", async () => {
    const { detect } = sceneApp();
    await detection(await detect({ image: dataUrl(gridJpeg({}, 1, 1)) }));
  });

  it("looks at a picture once, whatever is asked about it", async () => {
    const { detect, inference, edge } = sceneApp();
    await detect({ image: dataUrl(scene) });
    const again = await detect({ image: dataUrl(scene), categories: ["lamp"], min_score: 0.9 });
    expect(again.headers.get("x-corkboard-cache")).toBe("edge");
    expect((await detection(again)).objects.map(({ category }) => category)).toEqual(["lamp"]);
    edge.responses.clear();
    expect((await detect({ image: dataUrl(scene) })).headers.get("x-corkboard-cache")).toBe("store");
    expect((await detect({ image: dataUrl(scene) })).headers.get("x-corkboard-cache")).toBe("edge");
    expect(inference.detections).toBe(1);
  });

  it("looks again at what was stored and is broken", async () => {
    const { detect, inference, bucket, edge } = sceneApp();
    const first = await detection(await detect({ image: dataUrl(scene) }));
    edge.responses.clear();
    for (const key of bucket.objects.keys()) bucket.objects.set(key, new Uint8Array([9, 0, 0, 0, 1]));
    expect(await detection(await detect({ image: dataUrl(scene) }))).toEqual(first);
    expect(inference.detections).toBe(2);
  });

  it("detects once for many that ask at the same time", async () => {
    const { detect, inference } = sceneApp();
    inference.before = () => new Promise((resolve) => setTimeout(resolve, 20));
    const answers = await Promise.all(Array.from({ length: 8 }, () => detect({ image: dataUrl(scene) })));
    for (const answer of answers) expect((await detection(answer)).objects).toHaveLength(2);
    expect(inference.detections).toBe(1);
  });

  it("gives the model host's failure to everybody who waits for it", async () => {
    const { detect, inference } = sceneApp();
    inference.before = async () => {
      throw new Error("the host is on fire");
    };
    const answers = await Promise.all([detect({ image: dataUrl(scene) }), detect({ image: dataUrl(scene) })]);
    for (const answer of answers) expect(answer.status).toBe(500);
    inference.before = async () => {};
    await detection(await detect({ image: dataUrl(scene) }));
  });

  it.each([
    ["no image", {}, "image"],
    ["words for an image", { image: "a chair" }, "image"],
    ["an unknown category", { image: dataUrl(scene), categories: ["unicorn"] }, "categories"],
    ["no category", { image: dataUrl(scene), categories: [] }, "categories"],
    ["a score below what is kept", { image: dataUrl(scene), min_score: 0.01 }, "min_score"],
    ["too many objects", { image: dataUrl(scene), max_objects: MAX_OBJECTS + 1 }, "max_objects"],
    ["an unknown field", { image: dataUrl(scene), colour: "red" }, ""],
  ])("refuses %s", async (_name, body, param) => {
    const { detect } = sceneApp();
    const response = await detect(body);
    const { status, error } = await problem(response);
    expect(status).toBe(400);
    if (param) expect(error.param).toBe(param);
  });

  it("refuses what is no picture", async () => {
    const { app, detect } = sceneApp();
    expect((await problem(await detect({ image: "data:image/png;base64,AAAA" }))).status).toBe(415);
    const half = dataUrl(scene.slice(0, 400));
    expect((await problem(await detect({ image: half }))).status).toBe(422);
    const empty = { method: "POST", body: "", headers: { "content-type": "image/png" } };
    expect((await problem(await app.request("/v1/detect", empty))).status).toBe(400);
  });

  it("is not there without a detector", async () => {
    const app = createApp({ models: [TINY], inference: new SceneInference(), log: () => undefined });
    const raw = { method: "POST", body: scene, headers: { "content-type": "image/jpeg" } };
    expect((await problem(await app.request("/v1/detect", raw))).status).toBe(404);
  });
});
