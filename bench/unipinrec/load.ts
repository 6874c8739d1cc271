/** Callers that ask again as soon as they have an answer, and a server that takes what waits as one batch. */

export interface Load {
  readonly perSecond: number;
  /** Milliseconds from asking to the answer. */
  readonly p50: number;
  readonly p99: number;
}

/** @param serve answers so many callers at once */
export async function closedLoop(
  serve: (batch: number) => Promise<unknown>,
  callers: number,
  maxBatch: number,
  seconds: number,
): Promise<Load> {
  const latencies: number[] = [];
  const started = performance.now();
  const waiting: number[] = Array(callers).fill(started);
  let now = started;
  while (now - started < seconds * 1000) {
    const batch = waiting.splice(0, maxBatch);
    await serve(batch.length);
    now = performance.now();
    for (const asked of batch) {
      latencies.push(now - asked);
      waiting.push(now);
    }
  }
  latencies.sort((a, b) => a - b);
  const percentile = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.ceil(share * latencies.length) - 1)]!;
  return {
    perSecond: (latencies.length / (now - started)) * 1000,
    p50: percentile(0.5),
    p99: percentile(0.99),
  };
}
