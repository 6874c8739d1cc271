import { afterAll, describe, expect, it } from "vitest";
import { EngineDiedError } from "../../src/runtime/errors.ts";
import { threadRuntime } from "../../src/runtime/threads/thread-runtime.ts";
import { DEADLY, heldBytes, heldManifest, heldRuntime } from "./held.ts";
import { testRuntime } from "./test-runtime.ts";
import { NATIVE_THREAD, threadFile } from "./thread-file.ts";

const file = threadFile(NATIVE_THREAD);
const data = { provider: "cpu", threads: 1 };

testRuntime("native, in a thread", () => threadRuntime({ file, data }));
testRuntime("native, in two threads", () => threadRuntime({ file, data, threads: 2 }));

describe("a thread that dies", () => {
  const held = heldRuntime();
  const options = { manifest: heldManifest, precision: "fp32" } as const;
  const x = (...numbers: number[]) => ({
    x: { datatype: "FP32" as const, shape: [numbers.length, 1], data: Float32Array.from(numbers) },
  });
  afterAll(() => held.runtime.close());

  it("fails its calls with 503, and another takes its place with the same models", async () => {
    const session = await held.runtime.load(heldBytes(), options);
    held.hold();
    const calls = [session.run(x(DEADLY)), session.run(x(1))].map((call) => call.catch((error) => error));
    await expect.poll(() => held.rows().length).toBe(1);
    held.release();
    for (const error of await Promise.all(calls)) {
      expect(error).toBeInstanceOf(EngineDiedError);
      expect([error.status, error.retryAfter]).toEqual([503, 1]);
    }
    expect((await session.run(x(1, 2))).y?.data).toEqual(Float32Array.of(2, 4));
  });

  it("leaves the caller's tensors as they were", async () => {
    const session = await held.runtime.load(heldBytes(), options);
    const inputs = x(3);
    await session.run(inputs);
    expect(inputs).toEqual(x(3));
  });

  it("is given up when it hangs, and another takes its place", async () => {
    const hanging = heldRuntime(1_500);
    const session = await hanging.runtime.load(heldBytes(), options);
    hanging.hold();
    const call = session.run(x(1)).catch((error) => error);
    await expect.poll(() => hanging.rows().length).toBe(1);
    const error = await call;
    expect(error).toBeInstanceOf(EngineDiedError);
    expect(error.message).toContain("no answer within");
    hanging.release();
    expect((await session.run(x(2))).y?.data).toEqual(Float32Array.of(4));
    await hanging.runtime.close();
  });

  it("is not started over and over when it dies before it answers", async () => {
    const runtime = threadRuntime({ file: new URL("data:text/javascript,process.exit(4)") });
    const first = await runtime.load(heldBytes(), options).catch((error) => error);
    expect(first).toBeInstanceOf(EngineDiedError);
    expect(first.message).toContain("exit code 4");
    await expect(runtime.load(heldBytes(), options)).rejects.toThrow(EngineDiedError);
    await runtime.close();
  });

  it("leaves nothing to run after its runtime was closed", async () => {
    const { runtime } = heldRuntime();
    const session = await runtime.load(heldBytes(), options);
    await runtime.close();
    await expect(session.run(x(1))).rejects.toThrow(EngineDiedError);
  });
});
