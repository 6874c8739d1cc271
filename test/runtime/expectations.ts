/** Assertions that run in every realm: the contract is also bundled for browsers, where no test runner is. */

export function expectEqual(actual: unknown, expected: unknown): void {
  const [got, wanted] = [inspect(actual), inspect(expected)];
  if (got !== wanted) throw new Error(`expected ${wanted}, got ${got}`);
}

/** Every element within `tolerance` of its counterpart. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expectEqual(actual.length, expected.length);
  for (let index = 0; index < expected.length; index++) {
    const difference = Math.abs(actual[index]! - expected[index]!);
    if (!(difference <= tolerance)) throw new Error(`element ${index} differs by ${difference}`);
  }
}

/** The error with which `promise` rejects, which must be of class `type`. */
export async function expectRejection<Type extends Error>(
  promise: Promise<unknown>,
  type: abstract new (...args: never[]) => Type,
): Promise<Type> {
  const error = await promise.then(
    (value) => new Error(`expected a rejection, got ${inspect(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof type) return error;
  throw error;
}

function inspect(value: unknown): string {
  return JSON.stringify(value, (_, item) => {
    if (typeof item === "bigint") return `${item}n`;
    if (ArrayBuffer.isView(item)) return { [item.constructor.name]: Array.from(item as Uint8Array, String) };
    return item;
  });
}
