import { afterEach, expect, it } from "vitest";
import { embed, PLAN_HEAP_BYTES, parametersOf, picture, startShipped } from "./shipped.ts";
import type { ModelHost } from "./start.ts";

let host: ModelHost;
afterEach(() => host.stop());

it("counts the engine's sessions one by one, without onnxruntime-web's heap", async () => {
  const twoFit = Math.ceil((2 * PLAN_HEAP_BYTES) / 2 ** 20);
  const names = ["a", "b", "c"];
  host = await startShipped({ MEMORY_BUDGET_MB: String(twoFit) }, names);
  const loaded = () =>
    Promise.all(names.map(async (name) => (await parametersOf(host, name)).loaded as boolean));
  const answers = [];
  for (const name of ["a", "b", "a"]) answers.push(await embed(host, picture(), name));
  expect(await loaded()).toEqual([true, true, false]);
  expect((await parametersOf(host, "a")).heap_bytes).toBe(2 * PLAN_HEAP_BYTES);
  answers.push(await embed(host, picture(), "c"));
  expect(await loaded()).toEqual([true, false, true]);
  expect((await parametersOf(host, "a")).heap_bytes).toBe(2 * PLAN_HEAP_BYTES);
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});
