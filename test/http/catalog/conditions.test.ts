import { expect, it } from "vitest";
import { requiredVersion, versionTag } from "../../../src/http/catalog/conditions.ts";

it("reads versions back from the tags that it writes", () => {
  expect(requiredVersion({ "if-match": versionTag(7) })).toBe(7);
  expect(requiredVersion({ "if-none-match": "*" })).toBe(0);
  expect(requiredVersion({})).toBeUndefined();
});

it.each(["*", "7", 'W/"7"', '"7", "8"', '"x"', '""', '"-1"'])("refuses %s, which is no version", (tag) => {
  expect(() => requiredVersion({ "if-match": tag })).toThrow("one version");
});
