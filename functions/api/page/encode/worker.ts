/** Encodes pictures off the page's own thread: decode, resize, run the model. */
import { toTensor } from "../../../../src/media/tensor.ts";
import { unit } from "../compare.ts";
import { PageProblem, problemText } from "../problem.ts";
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
  const { input, output, preprocess } = model.manifest;
  const watch = new Stopwatch();
  const report = (activity: string) => reply({ id, kind: "activity", activity });
  try {
    const session = await watch.time("load", () => sessionFor(engine, model, report));
    report("Encoding");
    const pixels = await watch.time("decode", () => decode(picture));
    const tensor = await watch.time("resize", () => toTensor(pixels, preprocess));
    const results = await watch.time("infer", () => session.run({ [input.name]: tensor }, [output.name]));
    const embedding = results[output.name];
    if (embedding?.datatype !== "FP32") {
      throw new PageProblem({
        code: "unknown-output",
        title: "The model's answer is unknown",
        detail: `${model.manifest.name} answers in ${embedding?.datatype ?? "nothing"}; FP32 is expected.`,
      });
    }
    return { id, kind: "done", embedding: unit(Float32Array.from(embedding.data)), stages: watch.stages };
  } catch (thrown) {
    return { id, kind: "failed", problem: problemText(thrown) };
  }
}
