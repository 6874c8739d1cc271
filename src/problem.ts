/** Errors that reach a caller: every one carries what RFC 9457 problem details need, and what to do about it. */

export interface ProblemOptions {
  /** HTTP status that fits the error. */
  readonly status: number;
  /** Short, stable, kebab-case name; becomes the last part of the problem's `type` URI. */
  readonly code: string;
  /** What kind of problem this is, the same for every occurrence. */
  readonly title: string;
  /** What happened this time. Never contains secrets or picture contents. */
  readonly detail: string;
  /** What the caller can do about it. */
  readonly hint?: string;
  /** Seconds after which a retry makes sense (sent as `Retry-After`). */
  readonly retryAfter?: number;
  readonly cause?: unknown;
}

/** Base class of every error that is answered as problem details. Subclasses live beside what throws them. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly hint: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(options: ProblemOptions) {
    super(options.detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.status = options.status;
    this.code = options.code;
    this.title = options.title;
    this.hint = options.hint;
    this.retryAfter = options.retryAfter;
  }
}
