/**
 * What `litert-worker.ts` needs of LiteRT.js, under a name of its own (see `open-litert.ts`): the package's types
 * change the global `Float32Array` of everybody who imports them. Its script and module have none.
 */
declare module "litert" {
  export class Tensor {
    constructor(data: Uint8Array, shape: number[]);
    toTypedArray(): ArrayLike<number>;
    delete(): void;
  }
  export interface CompiledModel {
    getInputDetails(): readonly { readonly dtype: string; readonly shape: Int32Array }[];
    run(inputs: Tensor[]): Promise<Tensor[]>;
  }
  export function loadLiteRt(path: string): Promise<unknown>;
  export function loadAndCompile(model: Uint8Array, options: object): Promise<CompiledModel>;
}
declare module "@litertjs/core/wasm/litert_wasm_internal.js" {
  const createModule: (options: object) => Promise<unknown>;
  export default createModule;
}
declare module "@litertjs/core/wasm/litert_wasm_internal.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
