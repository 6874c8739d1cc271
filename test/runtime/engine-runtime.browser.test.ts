import { testRuntimeInBrowser } from "./test-runtime-in-browser.ts";

testRuntimeInBrowser("engine", ["plans"]);
