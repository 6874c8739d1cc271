/** Encodes pictures off the page's own thread: decode, resize, run the model. */
import { ImageEmbedder } from "../../../../src/vision/unified-embedding.ts";
import { problemText } from "../problem.ts";
import type { DeviceReply, DeviceRequest } from "./messages.ts";
import { decode } from "./pixels.ts";
import { sessionFor } from "./sessions.ts";
import { Stopwatch } from "./timing.ts";

let idle: Promise<void> = Promise.resolve();

/** Answers a request of the page when those before it are answered: a device has one GPU and one heap. */
export function serve(request: DeviceRequest): void {
  idle = idle.then(async () => reply(await answer(request)));
}

function reply(message: DeviceReply): void {
  postMessage(message);
}

async function answer(request: DeviceRequest): Promise<DeviceReply> {
  const { id, engine, model, picture } = request;
  const watch = new Stopwatch();
  const report = (activity: string) => reply({ id, kind: "activity", activity });
  try {
    // Decoding comes first: nobody should download a model for a picture that this browser cannot read.
    const pixels = await watch.time("decode", () => decode(picture));
    const { session, words, passedOver } = await watch.time("load", () => sessionFor(engine, model, report));
    report("Encoding");
    const embedder = new ImageEmbedder(model.manifest, {
      infer: (_, inputs, options) => session.run(inputs, options?.outputs),
    });
    const tensor = await watch.time("resize", () => embedder.tensorOf(pixels));
    const [embedding] = await watch.time("infer", () => embedder.embed([tensor]));
    if (embedding === undefined) throw new Error("the model gave no embedding");
    return { id, kind: "done", embedding, stages: watch.stages, engine: words, passedOver };
  } catch (thrown) {
    return { id, kind: "failed", problem: problemText(thrown) };
  }
}
