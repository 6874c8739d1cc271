/** No request takes longer than its deadline. */
import type { MiddlewareHandler } from "hono";
import { Problem } from "../../problem.ts";
import type { AppEnv } from "../context.ts";
import { type Millis, timeout } from "../millis.ts";

/** The request was not answered in time. */
export class RequestDeadlineError extends Problem {
  constructor(millis: Millis) {
    super({
      status: 504,
      code: "deadline-exceeded",
      title: "The request took too long",
      detail: `There was no answer within ${millis} ms.`,
      hint: "Send fewer pictures in one request. What was computed until now is kept and need not be again.",
      retryAfter: 1,
    });
  }
}

/** Sets the request's `signal`, aborts it when the time is over, and answers 504. */
export function deadline(millis: Millis): MiddlewareHandler<AppEnv> {
  return async function deadline(c, next) {
    const controller = new AbortController();
    c.set("signal", controller.signal);
    const { passed, clear } = timeout(millis);
    const late = passed.then(() => {
      const error = new RequestDeadlineError(millis);
      controller.abort(error);
      throw error;
    });
    try {
      await Promise.race([next(), late]);
    } finally {
      clear();
    }
  };
}
