/** Errors: what the API answers instead, and what happens on the way to it. */

/** RFC 9457 problem details, as the API writes them. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  hint?: string;
  requestId?: string;
  /** Inputs that were refused, by their place. */
  errors?: { index: number; code: string; detail: string; hint?: string }[];
}

/** The API refused, or failed. `code` is stable; the message is for people. */
export class ProblemError extends Error {
  readonly problem: ProblemDetails;
  /** Seconds after which a retry makes sense. */
  readonly retryAfter: number | undefined;

  constructor(problem: ProblemDetails, retryAfter: number | undefined) {
    super(problem.hint ? `${problem.detail} ${problem.hint}` : problem.detail);
    this.name = new.target.name;
    this.problem = problem;
    this.retryAfter = retryAfter;
  }

  get status(): number {
    return this.problem.status;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** 401: there is no key, or not a valid one. */
export class UnauthorizedError extends ProblemError {}

/** 403: the key does not allow this. */
export class ForbiddenError extends ProblemError {}

/** 404: there is no such thing. */
export class NotFoundError extends ProblemError {}

/** 409, 412: what there is does not allow this now. */
export class ConflictError extends ProblemError {}

/** 429: asked too often, and retries were used up. */
export class RateLimitError extends ProblemError {}

/** 500 and above: the API failed, and retries were used up. */
export class UnavailableError extends ProblemError {}

const CLASSES: Readonly<Record<number, typeof ProblemError>> = {
  401: UnauthorizedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  412: ConflictError,
  429: RateLimitError,
};

/** There is no connection, it broke, or nothing came in time. */
export class ConnectionError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause });
    this.name = new.target.name;
  }
}

/** The error that an answer stands for; proxies on the way may answer anything. */
export async function errorOf(response: Response): Promise<ProblemError> {
  const { status } = response;
  const text = await response.text().catch(() => "");
  let problem: ProblemDetails = {
    type: "about:blank",
    title: response.statusText,
    status,
    detail: `The server answered ${status}.`,
    code: `http-${status}`,
  };
  try {
    problem = { ...problem, ...(JSON.parse(text) as object), status };
  } catch {
    // Not of the API itself.
  }
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
  return new (CLASSES[status] ?? (status >= 500 ? UnavailableError : ProblemError))(problem, retryAfter);
}
