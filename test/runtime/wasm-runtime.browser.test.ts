import { testRuntimeInBrowser } from "./test-runtime-in-browser.ts";

testRuntimeInBrowser("wasm", {});
