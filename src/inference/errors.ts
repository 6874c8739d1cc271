/** What can go wrong between a caller and a model host. */
import { Problem } from "../problem.ts";

/** A request or response that is not the Open Inference Protocol. */
export class MalformedMessageError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 400,
      code: "malformed-inference-message",
      title: "Malformed inference message",
      detail,
      hint: "The Open Inference Protocol v2 and its binary tensor data extension describe the format.",
      cause,
    });
  }
}

/** A body longer than the host reads. */
export class BodyTooLargeError extends Problem {
  /** Longest body that is read, in bytes. */
  readonly limit: number;

  constructor(limit: number) {
    super({
      status: 413,
      code: "body-too-large",
      title: "Body too large",
      detail: `The body is longer than ${limit} bytes.`,
      hint: "Send fewer items in one request.",
    });
    this.limit = limit;
  }
}

/** A body that came compressed, as Triton's clients can send it. */
export class CompressedBodyError extends Problem {
  constructor(encoding: string) {
    super({
      status: 415,
      code: "compressed-body",
      title: "Compressed body",
      detail: `The body has the encoding "${encoding.slice(0, 40)}".`,
      hint: "Send it as it is: pixels and vectors hardly get smaller.",
    });
  }
}

/** A model that the host does not have, or not in that version. */
export class ModelNotFoundError extends Problem {
  readonly model: string;

  constructor(model: string, hosted: readonly string[] = []) {
    super({
      status: 404,
      code: "model-not-found",
      title: "Model not found",
      detail: `This host has no model "${model}".`,
      hint: hosted.length > 0 ? `It hosts ${hosted.join(", ")}.` : "Check the model's name and version.",
    });
    this.model = model;
  }
}

/** More inferences wait than the host lets wait. */
export class QueueFullError extends Problem {
  constructor(waiting: number, retryAfter: number) {
    super({
      status: 503,
      code: "queue-full",
      title: "Model host is busy",
      detail: `${waiting} inferences are waiting already.`,
      hint: "Retry after the stated time.",
      retryAfter,
    });
  }
}

/** The time that the caller gave had passed before there was an answer. */
export class DeadlineExceededError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 504,
      code: "deadline-exceeded",
      title: "Deadline exceeded",
      detail,
      hint: "Allow more time or retry: the first inference after a start also loads the model.",
      cause,
    });
  }
}

/** The caller hung up before there was an answer. Nobody reads it; it ends up in logs. */
export class CallerGoneError extends Problem {
  constructor() {
    super({
      // As nginx has it: "client closed request".
      status: 499,
      code: "caller-gone",
      title: "Caller gone",
      detail: "The caller went away before there was an answer.",
    });
  }
}

/** A request without a signature that fits it, or with one of another time. */
export class UnauthenticatedError extends Problem {
  constructor(detail: string) {
    super({
      status: 401,
      code: "unauthenticated",
      title: "Not authenticated",
      detail,
      hint: "Edge and origin need the same ORIGIN_SECRET, and clocks that agree within a minute.",
    });
  }
}

/** A signed request that was seen before. */
export class ReplayedRequestError extends Problem {
  constructor() {
    super({
      status: 401,
      code: "replayed-request",
      title: "Request seen before",
      detail: "This request was sent before: a signature is good for one use.",
      hint: "Sign each request anew.",
    });
  }
}

/** More requests than the host can keep account of. */
export class TooManyRequestsError extends Problem {
  constructor(retryAfter: number) {
    super({
      status: 429,
      code: "too-many-requests",
      title: "Too many requests",
      detail: "The host has seen as many requests as it can keep account of.",
      hint: "Retry after the stated time.",
      retryAfter,
    });
  }
}

/** The bodies of the requests in work take as much memory as the host gives them. */
export class HostFullError extends Problem {
  constructor(limit: number) {
    super({
      status: 503,
      code: "host-full",
      title: "Model host is full",
      detail: `The requests in work take all of ${limit} bytes.`,
      hint: "Retry after the stated time.",
      retryAfter: 1,
    });
  }
}

/** The host could not be reached, or says that it cannot serve now. */
export class HostUnavailableError extends Problem {
  constructor(detail: string, options: { retryAfter?: number; cause?: unknown } = {}) {
    super({
      status: 503,
      code: "model-host-unavailable",
      title: "Model host unavailable",
      detail,
      hint: "Retry later.",
      retryAfter: options.retryAfter ?? 1,
      cause: options.cause,
    });
  }
}

/** The host refused the request or failed on it, and said so. */
export class HostRefusedError extends Problem {
  /** Status that the host answered. */
  readonly hostStatus: number;

  constructor(hostStatus: number, message: string) {
    super({
      status: hostStatus < 500 ? hostStatus : 502,
      code: "model-host-refused",
      title: "Model host refused the request",
      detail: `The model host answered ${hostStatus}: ${message}`,
    });
    this.hostStatus = hostStatus;
  }
}

/** The host answered with another revision of the model than it was asked for: its vectors mean something else. */
export class RevisionMismatchError extends Problem {
  readonly wanted: string;
  /** What the answer says; absent: nothing. */
  readonly got: string | undefined;

  constructor(model: string, wanted: string, got: string | undefined) {
    super({
      status: 502,
      code: "revision-mismatch",
      title: "Model host answered with another revision",
      detail: `Asked for revision ${wanted} of "${model}", the host answered with ${got ?? "none that it names"}.`,
      hint: "Deploy the same models to the host and to whoever asks it.",
    });
    this.wanted = wanted;
    this.got = got;
  }
}

/** The host answered something that is not the Open Inference Protocol. */
export class InvalidResponseError extends Problem {
  constructor(detail: string, cause?: unknown) {
    super({
      status: 502,
      code: "invalid-model-host-response",
      title: "Model host answered nonsense",
      detail,
      hint: "Check that the address is that of an Open Inference Protocol host.",
      cause,
    });
  }
}
