/** Runs inside workerd: LiteRT.js on one thread. `POST /load` a .tflite file, `POST /run?k=…` pixels. */
import ModuleFactory from "@litertjs/core/wasm/litert_wasm_internal.js";
import wasm from "@litertjs/core/wasm/litert_wasm_internal.wasm";
import { type CompiledModel, loadAndCompile, loadLiteRt, Tensor } from "litert";

let model: CompiledModel | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    if (pathname === "/load") model = await load(body);
    if (!model || pathname !== "/run") return new Response();
    const [details] = model.getInputDetails();
    if (details?.dtype !== "uint8") throw new TypeError(`The model takes ${details?.dtype}, not pixels.`);
    let output = new Float32Array();
    for (let left = Number(searchParams.get("k")); left > 0; left--) {
      const input = new Tensor(body, Array.from(details.shape));
      const results = await model.run([input]);
      output = Float32Array.from(results[0]!.toTypedArray());
      for (const tensor of [input, ...results]) tensor.delete();
    }
    return new Response(output);
  },
};

/** The package loads itself by a script tag or `importScripts`, and compiles its module: workerd has neither. */
async function load(bytes: Uint8Array): Promise<CompiledModel> {
  Object.assign(globalThis, {
    importScripts: () => undefined,
    location: { href: "http://workerd/" },
    ModuleFactory,
    Module: {
      printErr: () => undefined,
      instantiateWasm(
        imports: WebAssembly.Imports,
        receive: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
      ) {
        receive(new WebAssembly.Instance(wasm, imports), wasm);
        return {};
      },
    },
  });
  await loadLiteRt("/litert_wasm_internal.js");
  return loadAndCompile(bytes, { accelerator: "wasm", cpuOptions: { numThreads: 1 } });
}
