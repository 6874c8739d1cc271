/** Times stages, and reads those that the server reports. */
import type { Stage } from "./encoding.ts";

/** Collects stages one after the other. */
export class Stopwatch {
  readonly stages: Stage[] = [];

  /** Runs `work` and records how long it took under `name`. */
  async time<T>(name: string, work: () => Promise<T> | T): Promise<T> {
    const start = performance.now();
    try {
      return await work();
    } finally {
      this.stages.push({ name, ms: performance.now() - start });
    }
  }
}

/**
 * Stages of a `server-timing` header, which looks like `decode;dur=3.1, infer;desc="Model";dur=20`.
 * Entries without a duration, and a `total`, are left out.
 */
export function serverStages(header: string | null): Stage[] {
  const stages: Stage[] = [];
  for (const entry of (header ?? "").split(",")) {
    const [name = "", ...parameters] = entry.split(";").map((piece) => piece.trim());
    const duration = parameters.find((parameter) => parameter.startsWith("dur="));
    const ms = duration === undefined ? Number.NaN : Number(duration.slice(4).replaceAll('"', ""));
    if (name !== "" && name !== "total" && Number.isFinite(ms)) stages.push({ name, ms });
  }
  return stages;
}

/** The server's stages, then what is left of the round trip: the network and the queue. */
export function roundTrip(header: string | null, elapsed: number): Stage[] {
  const stages = serverStages(header);
  const known = stages.reduce((sum, stage) => sum + stage.ms, 0);
  return [...stages, { name: "network", ms: Math.max(0, elapsed - known) }];
}
