import { readFile } from "node:fs/promises";
import { describe, it } from "vitest";
import { engineRuntime } from "../../src/runtime/engine/engine-runtime.ts";
import { chooseBuild } from "../../src/runtime/engine/module.ts";
import { InvalidTensorError } from "../../src/runtime/errors.ts";
import { MODELS } from "./contract-models.ts";
import { expectEqual, expectRejection } from "./expectations.ts";
import { testRuntime } from "./test-runtime.ts";

/** The build for machines without relaxed SIMD, which some of these machines are. */
const simd = () =>
  engineRuntime({
    compile: () => chooseBuild(async () => new Uint8Array(await readFile("dist/engine/simd.wasm"))),
  });

testRuntime("Corkboard", engineRuntime, "plans");
testRuntime("Corkboard, without relaxed SIMD", simd, "plans");

describe("the Corkboard engine", () => {
  it("refuses inputs that hold different numbers of items", async () => {
    const { arithmetic, row } = MODELS.plans;
    const session = await engineRuntime().load(arithmetic.bytes, arithmetic.options);
    const inputs = { a: row([2, 3], 1, 2, 3, 4, 5, 6), b: row([1, 3], 1, 2, 3) };
    expectEqual((await expectRejection(session.run(inputs), InvalidTensorError)).tensor, "b");
  });
});
