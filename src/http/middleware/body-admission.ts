/** Bodies are refused before they are read when they are too long, or when too many are being read. */
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { Problem } from "../../problem.ts";
import type { AppEnv } from "../context.ts";
import type { Gate } from "../gate.ts";
import { MAX_EVENTS_BYTES, MAX_JSON_BYTES, MAX_UPLOAD_BYTES } from "../limits.ts";

/** The body is longer than what is read. */
export class BodyTooLargeError extends Problem {
  constructor(limit: number) {
    super({
      status: 413,
      code: "body-too-large",
      title: "The body is too large",
      detail: `The body has more than ${limit} bytes.`,
      hint: "Send less in one request: fewer events or items, or smaller pictures; models look at a few hundred pixels.",
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

/** Routes whose bodies are short, whatever they hold. */
const OWN_LIMITS: ReadonlyMap<string, number> = new Map([["/v1/events", MAX_EVENTS_BYTES]]);

function limitOf(path: string, type: string | undefined): number {
  return OWN_LIMITS.get(path) ?? (isJson(type) ? MAX_JSON_BYTES : MAX_UPLOAD_BYTES);
}

/** @param gate has the capacity in bytes of all bodies together */
export function bodyAdmission(gate: Gate): MiddlewareHandler<AppEnv> {
  const readUpTo = (maxSize: number) =>
    bodyLimit({
      maxSize,
      onError: () => {
        throw new BodyTooLargeError(maxSize);
      },
    });
  return async function bodyAdmission(c, next) {
    if (!c.req.raw.body || STREAMED.has(c.req.path)) return next();
    const maxSize = limitOf(c.req.path, c.req.header("content-type"));
    const announced = Number(c.req.header("content-length"));
    if (announced > maxSize) throw new BodyTooLargeError(maxSize);
    const leave = await gate.enter(announcedBytes(c.req.header("content-length"), maxSize));
    try {
      return await readUpTo(maxSize)(c, next);
    } finally {
      leave();
    }
  };
}
