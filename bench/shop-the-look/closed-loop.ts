/** Load from callers that each wait for an answer before they ask again. */
import { quantile } from "./quantile.ts";

export interface Load {
  /** Milliseconds from the first request to the last answer, divided by their number. */
  readonly msEach: number;
  /** Milliseconds that half of the requests took at most. */
  readonly p50: number;
  /** Milliseconds that 99 of 100 requests took at most. */
  readonly p99: number;
}

/** Sends requests number 0 to `count` - 1, `callers` of them at a time. */
export async function closedLoop(
  callers: number,
  count: number,
  send: (index: number) => Promise<unknown>,
): Promise<Load> {
  const latencies: number[] = [];
  let next = 0;
  const caller = async () => {
    while (next < count) {
      const start = performance.now();
      await send(next++);
      latencies.push(performance.now() - start);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  const msEach = (performance.now() - start) / count;
  return { msEach, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}
