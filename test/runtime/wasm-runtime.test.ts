import { wasmRuntime } from "../../src/runtime/wasm-runtime.ts";
import { testRuntime } from "./test-runtime.ts";

testRuntime("wasm", wasmRuntime);
testRuntime("wasm, int8", wasmRuntime, "int8");
