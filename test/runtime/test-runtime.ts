/** Runs the engine contract under Vitest. */
import { describe, it } from "vitest";
import type { Runtime } from "../../src/runtime/session.ts";
import { contract } from "./contract.ts";
import { MODELS, type ModelForm } from "./contract-models.ts";

export function testRuntime(name: string, makeRuntime: () => Runtime, form: ModelForm = "float"): void {
  describe(`the ${name} engine`, () => {
    for (const { title, run } of contract(MODELS[form])) it(title, () => run(makeRuntime()));
  });
}
