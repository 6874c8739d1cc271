import { testRuntimeInBrowser } from "./test-runtime-in-browser.ts";

testRuntimeInBrowser("wasm", ["float", "int8"]);
