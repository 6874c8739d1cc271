/** Errors as answers: RFC 9457 problem details, with the member that OpenAI's clients read. */
import type { ErrorHandler, NotFoundHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { Problem } from "../problem.ts";
import { UnauthorizedError } from "./auth/errors.ts";
import type { AppEnv } from "./context.ts";
import { PROBLEM_TYPE, type ProblemDocument, problemDocument } from "./problem-document.ts";
import { redact } from "./redact.ts";

/** There is nothing under this path. */
export class RouteNotFoundError extends Problem {
  constructor(path: string) {
    super({
      status: 404,
      code: "not-found",
      title: "Nothing here",
      detail: `There is nothing under ${path.slice(0, 200)}.`,
      hint: "The API is described at /docs and in /openapi.json.",
    });
  }
}

export class MethodNotAllowedError extends Problem {
  readonly allowed: readonly string[];

  constructor(method: string, path: string, allowed: readonly string[]) {
    super({
      status: 405,
      code: "method-not-allowed",
      title: "Method not allowed",
      detail: `${path.slice(0, 200)} does not take ${method}.`,
      hint: `It takes ${allowed.join(", ")}.`,
    });
    this.allowed = allowed;
  }
}

/** Statuses that Hono and its middleware throw by themselves. */
const FRAMEWORK_PROBLEMS: Readonly<Record<number, { code: string; title: string; hint: string }>> = {
  400: {
    code: "malformed-request",
    title: "The request cannot be read",
    hint: "Send valid JSON with content-type: application/json, or a multipart form.",
  },
  415: {
    code: "unsupported-media-type",
    title: "The body's content type is not supported",
    hint: "Send application/json, multipart/form-data, or the picture itself as image/*.",
  },
};

/** Any thrown value as a problem. What is not a problem is an internal error, and says nothing of itself. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException) {
    const known = FRAMEWORK_PROBLEMS[error.status];
    if (known)
      return new Problem({ status: error.status, detail: `${error.message}.`, ...known, cause: error });
  }
  return new Problem({
    status: 500,
    code: "internal-error",
    title: "Internal error",
    detail: "Something went wrong here.",
    hint: "Try again; if it stays, report it with the request id.",
    cause: error,
  });
}

export function problemResponse(problem: Problem, requestId: string | undefined): Response {
  const body: ProblemDocument = problemDocument(problem, requestId);
  const headers = new Headers({ "content-type": PROBLEM_TYPE, "cache-control": "no-store" });
  if (problem.retryAfter !== undefined) headers.set("retry-after", String(Math.ceil(problem.retryAfter)));
  if (problem instanceof MethodNotAllowedError) headers.set("allow", problem.allowed.join(", "));
  if (problem instanceof UnauthorizedError) headers.set("www-authenticate", 'Bearer realm="corkboard"');
  return new Response(JSON.stringify(body), { status: problem.status, headers });
}

export const onError: ErrorHandler<AppEnv> = (error, c) => {
  const problem = toProblem(error);
  const cause = problem.cause instanceof Error ? problem.cause : undefined;
  c.var.facts.error = {
    code: problem.code,
    detail: redact(problem.message),
    ...(cause && { cause: redact(cause.stack ?? cause.message) }),
  };
  return problemResponse(problem, c.var.requestId);
};

export const notFound: NotFoundHandler<AppEnv> = (c) =>
  problemResponse(new RouteNotFoundError(c.req.path), c.var.requestId);
