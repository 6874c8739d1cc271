import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import { testRuntime } from "./test-runtime.ts";

testRuntime("native (cpu, one thread)", () => nativeRuntime({ provider: "cpu", threads: 1 }));
