/** What can go wrong between tensors and an inference engine. */
import { Problem } from "../problem.ts";

/** A tensor that the model does not take: missing, unknown, or of another type, shape or length. */
export class InvalidTensorError extends Problem {
  /** Name of the tensor. */
  readonly tensor: string;
  readonly expected: string;
  readonly got: string;

  constructor(tensor: string, expected: string, got: string) {
    super({
      status: 400,
      code: "invalid-tensor",
      title: "Invalid tensor",
      detail: `Tensor "${tensor}": expected ${expected}, got ${got}.`,
      hint: "GET /v2/models/{model} lists the names, data types and shapes that the model takes.",
    });
    this.tensor = tensor;
    this.expected = expected;
    this.got = got;
  }
}

/** A model that could not be made ready: damaged or missing bytes, or a graph that the engine does not run. */
export class ModelLoadError extends Problem {
  readonly model: string;
  readonly reason: string;

  constructor(model: string, reason: string, cause?: unknown) {
    super({
      status: 500,
      code: "model-load-failed",
      title: "Model could not be loaded",
      detail: `Model "${model}": ${reason}`,
      hint: "`corkboard models add` checks a model and its manifest before they are deployed.",
      cause,
    });
    this.model = model;
    this.reason = reason;
  }
}

/** The engine failed while it ran a model that had loaded. */
export class InferenceError extends Problem {
  readonly model: string;
  readonly reason: string;

  constructor(model: string, reason: string, cause?: unknown) {
    super({
      status: 500,
      code: "inference-failed",
      title: "Inference failed",
      detail: `Model "${model}": ${reason}`,
      hint: "The session stays usable: the next inference may succeed.",
      cause,
    });
    this.model = model;
    this.reason = reason;
  }
}

/** The machine or browser lacks what an engine needs. Callers choose another engine. */
export class EngineUnavailableError extends Problem {
  readonly engine: string;
  readonly reason: string;

  constructor(engine: string, reason: string, cause?: unknown) {
    super({
      status: 501,
      code: "engine-unavailable",
      title: "Inference engine unavailable",
      detail: `Engine "${engine}": ${reason}`,
      hint: "Use the `wasm` engine: it runs everywhere.",
      cause,
    });
    this.engine = engine;
    this.reason = reason;
  }
}

/** The thread in which an engine ran has died, and with it what ran there. Another takes its place. */
export class EngineDiedError extends Problem {
  constructor(reason: string, cause?: unknown) {
    super({
      status: 503,
      code: "engine-died",
      title: "Inference engine died",
      detail: `The engine's thread ended: ${reason}`,
      hint: "Retry: it is being replaced.",
      retryAfter: 1,
      cause,
    });
  }
}

/** The text of anything thrown: engines throw strings and numbers, too. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
