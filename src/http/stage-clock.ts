/**
 * Where a request's time goes, as `server-timing` shows it.
 *
 * Cloudflare's clock stands still while a Worker computes and advances with its input and output, so that time
 * spent decoding shows in the stage whose I/O follows it. Between pictures the pipeline lets the clock advance;
 * locally, and in Node, every stage shows what it took.
 */
import type { Millis } from "./millis.ts";

export type Stage =
  | "read"
  | "fetch"
  | "hash"
  | "lookup"
  | "wait"
  | "decode"
  | "resize"
  | "infer"
  | "detect"
  | "embed"
  | "search"
  | "store";

/** Sums the time of each stage; stages that run side by side can add up to more than the total. */
export class StageClock {
  readonly #spent = new Map<Stage, Millis>();

  /** Runs `work` and adds its time to a stage, whether it succeeds or not. */
  async time<Result>(stage: Stage, work: () => Result | Promise<Result>): Promise<Result> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.#spent.set(stage, (this.#spent.get(stage) ?? 0) + performance.now() - start);
    }
  }

  /** Stages in the order in which they first ended. */
  get stages(): ReadonlyMap<Stage, Millis> {
    return this.#spent;
  }
}
