/** A length of time in milliseconds. */
export type Millis = number;

export interface Timeout {
  /** Resolves to `undefined` when the time has passed, unless cleared before. */
  readonly passed: Promise<undefined>;
  clear(): void;
}

/** A timer as a promise that can be cleared. */
export function timeout(millis: Millis): Timeout {
  let timer: ReturnType<typeof setTimeout>;
  const passed = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, millis, undefined);
  });
  return { passed, clear: () => clearTimeout(timer) };
}

/** Lets other requests of the isolate have a turn. In workerd the clock advances too. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
