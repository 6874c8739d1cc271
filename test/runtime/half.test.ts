import { expect, it } from "vitest";
import { fromHalf, toHalf } from "../../src/runtime/half.ts";

const every = Uint16Array.from({ length: 65_536 }, (_, half) => half);

it("keeps every half that is a number", () => {
  const numbers = every.filter((half) => (half & 0x7c00) !== 0x7c00 || (half & 0x3ff) === 0);
  expect(toHalf(fromHalf(numbers))).toEqual(numbers);
});

it("keeps what is no number", () => {
  expect(fromHalf(toHalf([Number.NaN]))).toEqual(Float32Array.of(Number.NaN));
});

it.each([
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 + 2 ** -11 + 2 ** -20, 0x3c01],
  [65_519, 0x7bff],
  [65_520, 0x7c00],
  [1e30, 0x7c00],
  [-1e30, 0xfc00],
  [2 ** -25, 0x0000],
  [1.5 * 2 ** -25, 0x0001],
  [3 * 2 ** -25, 0x0002],
  [2 ** -14 - 2 ** -26, 0x0400],
  [-0, 0x8000],
])("rounds %d to the nearest, ties to even", (value, half) => {
  expect(toHalf([value])[0]).toBe(half);
});
