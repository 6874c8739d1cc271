/** What a host tells whoever counts: times and sizes, as Triton's statistics have them. */

/** A batch that ran, of one or several requests. */
export interface BatchEvent {
  /** `name@revision`. */
  readonly model: string;
  readonly rows: number;
  /** Milliseconds that each of its requests waited in the line. */
  readonly queuedMs: readonly number[];
  /** Milliseconds of the inference, the way to the session and back included. */
  readonly computeMs: number;
}

/** A request that was answered with tensors. */
export interface AnswerEvent {
  /** `name@revision`. */
  readonly model: string;
  /** Milliseconds for reading and decoding the body. */
  readonly inputMs: number;
  /** Milliseconds for encoding the answer. */
  readonly outputMs: number;
}

export interface InferenceObserver {
  batch?(event: BatchEvent): void;
  answer?(event: AnswerEvent): void;
}
