/** What a host's error response means to the caller. */
import { Problem } from "../problem.ts";
import { reasonOf } from "../runtime/errors.ts";
import {
  DeadlineExceededError,
  HostRefusedError,
  HostUnavailableError,
  ModelNotFoundError,
} from "./errors.ts";
import { ErrorBody } from "./protocol.ts";

/** Longest part of a host's message that is repeated. */
const MAX_MESSAGE_LENGTH = 300;

/** Statuses that say "not now": too many requests, a proxy without its host, unavailable. */
const UNAVAILABLE = new Set([429, 502, 503]);

/** The error that a response of status 400 and above stands for. */
export function refusal(response: Response, body: Uint8Array, path: string): Problem {
  const message = messageOf(body);
  const model = /^\/v2\/models\/([^/]+)/.exec(path)?.[1];
  if (response.status === 404 && model) return new ModelNotFoundError(decodeURIComponent(model));
  if (response.status === 504) return new DeadlineExceededError(message);
  if (!UNAVAILABLE.has(response.status)) return new HostRefusedError(response.status, message);
  const retryAfter = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  return new HostUnavailableError(message, Number.isNaN(retryAfter) ? {} : { retryAfter });
}

/** The error that a request stands for which got no response at all. */
export function failure(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new HostUnavailableError(`The model host could not be reached: ${reasonOf(error)}`, {
    cause: error,
  });
}

/** The protocol's `{"error": "…"}`, or the start of whatever came instead. */
function messageOf(body: Uint8Array): string {
  const text = new TextDecoder().decode(body.subarray(0, MAX_MESSAGE_LENGTH * 4));
  try {
    return ErrorBody.parse(JSON.parse(text)).error.slice(0, MAX_MESSAGE_LENGTH);
  } catch {
    return text.slice(0, MAX_MESSAGE_LENGTH) || "no message";
  }
}
