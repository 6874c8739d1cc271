import { threadRuntime } from "../../src/runtime/threads/thread-runtime.ts";
import { testRuntime } from "./test-runtime.ts";
import { NATIVE_THREAD, threadFile } from "./thread-file.ts";

const file = threadFile(NATIVE_THREAD);
const data = { provider: "cpu", threads: 1 };

testRuntime("native, in a thread", () => threadRuntime({ file, data }));
testRuntime("native, in two threads", () => threadRuntime({ file, data, threads: 2 }));
