import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { testRuntime } from "./test-runtime.ts";

testRuntime("wasm (in workerd)", wasmRuntime);
testRuntime("wasm (in workerd), int8", wasmRuntime, "int8");
