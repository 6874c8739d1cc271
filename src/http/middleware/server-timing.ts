/** The `server-timing` header: the stages that the route went through, and the total. */
import type { MiddlewareHandler } from "hono";
import { setMetric, timing } from "hono/timing";
import type { AppEnv } from "../context.ts";
import { StageClock } from "../stage-clock.ts";

const timed = timing({ totalDescription: "", crossOrigin: true });

/** Gives the request its clock and writes what it has measured. */
export const serverTiming: MiddlewareHandler<AppEnv> = async function serverTiming(c, next) {
  const clock = new StageClock();
  c.set("clock", clock);
  await timed(c, async () => {
    await next();
    for (const [stage, millis] of clock.stages) setMetric(c, stage, millis);
  });
};
