import { describe, expect, it } from "vitest";
import { type Env, limitsOf } from "../../functions/model-host/env.ts";

const env = (variables: Partial<Env>) => ({ MODELS: "*", ...variables }) as Env;

describe("the model host's configuration", () => {
  it("leaves the server its defaults where nothing is set", () => {
    const none = { memoryBudgetBytes: undefined, batchWindowMs: undefined, maxBatch: undefined };
    expect(limitsOf(env({}))).toEqual(none);
    expect(limitsOf(env({ MEMORY_BUDGET_MB: "", BATCH_WINDOW_MS: "", MAX_BATCH: "" }))).toEqual(none);
  });

  it("sets the memory budget and the batches", () => {
    expect(limitsOf(env({ MEMORY_BUDGET_MB: "64", BATCH_WINDOW_MS: "0", MAX_BATCH: "64" }))).toEqual({
      memoryBudgetBytes: 64 * 2 ** 20,
      batchWindowMs: 0,
      maxBatch: 64,
    });
  });

  it.each([
    ["BATCH_WINDOW_MS", "1001"],
    ["BATCH_WINDOW_MS", "-1"],
    ["BATCH_WINDOW_MS", "2.5"],
    ["MAX_BATCH", "0"],
    ["MAX_BATCH", "65"],
    ["MAX_BATCH", "many"],
    ["MEMORY_BUDGET_MB", "0"],
  ])("refuses %s=%s, and says what it may be", (name, value) => {
    expect(() => limitsOf(env({ [name]: value }))).toThrow(new RegExp(`${name} is "${value}".*from`));
  });
});
