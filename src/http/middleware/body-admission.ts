/** Bodies are refused before they are read when they are too long, or when too many are being read. */
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Problem } from "../../problem.ts";
import type { AppEnv } from "../context.ts";
import type { Gate } from "../gate.ts";
import { MAX_JSON_BYTES, MAX_UPLOAD_BYTES } from "../limits.ts";

/** The body is longer than what is read. */
export class BodyTooLargeError extends Problem {
  constructor(limit: number) {
    super({
      status: 413,
      code: "body-too-large",
      title: "The body is too large",
      detail: `The body has more than ${limit} bytes.`,
      hint: "Send fewer or smaller pictures in one request; models look at a few hundred pixels a side.",
    });
  }
}

const isJson = (contentType: string | undefined) =>
  /^application\/(?:[\w.-]+\+)?json\b/i.test(contentType ?? "");

function announcedBytes(contentLength: string | undefined, limit: number): number {
  const bytes = Number(contentLength);
  return contentLength !== undefined && Number.isSafeInteger(bytes) ? Math.min(bytes, limit) : limit;
}

/** Read line by line as they come, with limits of their own. */
const STREAMED: ReadonlySet<string> = new Set(["/v1/items:batch"]);

/** @param gate has the capacity in bytes of all bodies together */
export function bodyAdmission(gate: Gate): MiddlewareHandler<AppEnv> {
  const limits = [MAX_JSON_BYTES, MAX_UPLOAD_BYTES].map((maxSize) => ({
    maxSize,
    read: bodyLimit({
      maxSize,
      onError: () => {
        throw new BodyTooLargeError(maxSize);
      },
    }),
  }));
  return async function bodyAdmission(c, next) {
    if (!c.req.raw.body || STREAMED.has(c.req.path)) return next();
    const { maxSize, read } = limits[isJson(c.req.header("content-type")) ? 0 : 1]!;
    const announced = Number(c.req.header("content-length"));
    if (announced > maxSize) throw new BodyTooLargeError(maxSize);
    const leave = await gate.enter(announcedBytes(c.req.header("content-length"), maxSize));
    try {
      return await read(c, next);
    } finally {
      leave();
    }
  };
}
