/** Runs the engine contract under Vitest. */
import { describe, it } from "vitest";
import type { Runtime } from "../../src/runtime/session.ts";
import { contract } from "./contract.ts";

export function testRuntime(name: string, makeRuntime: () => Runtime): void {
  describe(`the ${name} engine`, () => {
    for (const { title, run } of contract) it(title, () => run(makeRuntime()));
  });
}
