/** Runs inside workerd: as `engine-worker.ts`, on onnxruntime-web. */
import { compileOnnxWasm } from "#runtime/wasm";
import { type OnnxWasm, onnxWasm } from "../../../src/runtime/onnx-wasm.ts";
import model from "./model.bin";

type OnnxSession = Awaited<ReturnType<OnnxWasm["ort"]["InferenceSession"]["create"]>>;

let loaded: { readonly runtime: OnnxWasm; readonly session: OnnxSession } | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    loaded ??= await load();
    const { runtime, session } = loaded;
    const pixels = new Uint8Array(await request.arrayBuffer());
    const side = Math.sqrt(pixels.length / 3);
    const tensor = new runtime.ort.Tensor("uint8", pixels, [1, side, side, 3]);
    const outputs = await session.run({ [session.inputNames[0]!]: tensor });
    return new Response(outputs[session.outputNames[0]!]!.data as Float32Array<ArrayBuffer>, {
      headers: { "heap-bytes": String(runtime.heapBytes()) },
    });
  },
};

async function load() {
  const runtime = onnxWasm(await compileOnnxWasm());
  const bytes = new Uint8Array(model);
  return {
    runtime,
    session: await runtime.ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] }),
  };
}
