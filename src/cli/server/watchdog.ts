/**
 * Starts the runtime again when it answers no more. What is known to lock it up is ruled out (v8-flags.ts), where
 * there is a shell to do so; this is for the rest.
 */

/** How often the runtime is asked, and how long it may take to answer: a busy one answers within seconds. */
export const WATCH_EVERY_MS = 10_000;
export const SILENCE_MS = 30_000;

export interface Watched {
  /** Asks the runtime for anything. Rejects with the signal's reason when there is no answer in time. */
  readonly ask: (signal: AbortSignal) => Promise<unknown>;
  readonly restart: () => Promise<unknown>;
  /** @default WATCH_EVERY_MS */
  readonly everyMs?: number;
  /** @default SILENCE_MS */
  readonly silenceMs?: number;
}

/** @returns stops watching */
export function watch({
  ask,
  restart,
  everyMs = WATCH_EVERY_MS,
  silenceMs = SILENCE_MS,
}: Watched): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  const look = async () => {
    const signal = AbortSignal.timeout(silenceMs);
    await ask(signal).catch(() => undefined);
    // An error is an answer; only silence is not.
    if (!stopped && signal.aborted) {
      console.error(`The runtime has not answered for ${silenceMs / 1000} s: it is started again.`);
      await restart().catch((error) => console.error("restart:", error));
    }
    if (!stopped) next();
  };
  const next = () => {
    timer = setTimeout(look, everyMs);
    timer.unref();
  };
  next();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
