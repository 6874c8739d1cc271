import { expect, it } from "vitest";
import { integerVersion, revisionOfInteger } from "../../src/inference/integer-version.ts";

it.each([
  ["000000000001", "1"],
  ["1f3f17fdd7f9", "34355845912569"],
  ["ffffffffffff", "281474976710655"],
])("revision %s is version %s, both ways", (revision, version) => {
  expect(integerVersion(revision)).toBe(version);
  expect(revisionOfInteger(version)).toBe(revision);
});

it.each(["000000000000", "", "1f3f17fdd7f", "1f3f17fdd7f90", "1F3F17FDD7F9", "0x3f17fdd7f9"])(
  'there is no version for "%s"',
  (text) => {
    expect(() => integerVersion(text)).toThrow(RangeError);
  },
);

it.each(["0", "01", "-1", "1.0", "1e3", "281474976710656", "9".repeat(16), "9".repeat(400), "", "latest"])(
  'there is no revision for "%s"',
  (text) => {
    expect(revisionOfInteger(text)).toBeUndefined();
  },
);
