import { testRuntimeInBrowser } from "./test-runtime-in-browser.ts";

testRuntimeInBrowser("webgpu", ["float"], { webgpu: true });
