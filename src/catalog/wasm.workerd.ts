/** The Hamming kernel in workerd, where modules are compiled before the Worker starts. */
import hamming from "../../dist/kernels/hamming.wasm";

export function compileHamming(): Promise<WebAssembly.Module> {
  return Promise.resolve(hamming);
}
