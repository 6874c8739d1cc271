/** A client of any Open Inference Protocol host: an edge model host, our GPU origin, Triton, KServe. */
import { reasonOf } from "../runtime/errors.ts";
import type { Tensors } from "../runtime/tensor.ts";
import { readBody } from "./body.ts";
import { decodeInferResponse } from "./decode.ts";
import { encodeInferRequest } from "./encode.ts";
import {
  BodyTooLargeError,
  DeadlineExceededError,
  InvalidResponseError,
  RevisionMismatchError,
} from "./errors.ts";
import { integerVersion, revisionOfInteger } from "./integer-version.ts";
import { HEADER_LENGTH, MAX_BODY_BYTES, ModelMetadata, TIMEOUT_HEADER } from "./protocol.ts";
import { failure, refusal } from "./refusal.ts";
import { sign } from "./signature.ts";

/** The part of `fetch` that the client uses; a service binding's `fetch`, bound to it, fits. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface InferenceClientOptions {
  /** @default the global `fetch` */
  readonly fetch?: Fetch;
  /** Where the host is, without `/v2`. A service binding takes any name. @default "http://model-host" */
  readonly baseUrl?: string;
  /** Milliseconds for a call, when it does not say itself. @default 10000, as a cold start loads the model */
  readonly timeoutMs?: number;
  /** Sent with every request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs every request for a host that shares the secret (`ORIGIN_SECRET` of a GPU origin). */
  readonly secret?: string | undefined;
  /**
   * How the host names the revisions of models: as they are, or as the integers that Triton wants
   * (`corkboard triton export` writes those). @default "revision"
   */
  readonly versions?: "revision" | "integer";
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds for this call. The host learns of it and drops the request when they have passed. */
  readonly timeoutMs?: number;
}

export interface InferOptions extends CallOptions {
  /** Names of the outputs wanted; absent: all. */
  readonly outputs?: readonly string[];
}

const DEFAULT_BASE_URL = "http://model-host";
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * @example
 * const host = new InferenceClient({ fetch: env.MODEL_HOST.fetch.bind(env.MODEL_HOST) });
 * const { embedding } = await host.infer("unified-embedding", { image }, { timeoutMs: 500 });
 */
export class InferenceClient {
  readonly #fetch: Fetch;
  readonly #baseUrl: string;
  readonly #timeoutMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #secret: string | undefined;
  readonly #versions: "revision" | "integer";

  constructor(options: InferenceClientOptions = {}) {
    this.#fetch = options.fetch ?? ((url, init) => fetch(url, init));
    this.#baseUrl = (options.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, "");
    this.#timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#headers = options.headers ?? {};
    this.#secret = options.secret;
    this.#versions = options.versions ?? "revision";
  }

  /**
   * Runs a model on named tensors.
   * @param model its name, or `name@revision`: that revision or none
   * @throws {HostUnavailableError} when the host cannot be reached or is busy.
   * @throws {DeadlineExceededError} when the time is over.
   * @throws {ModelNotFoundError} when the host does not have the model.
   * @throws {HostRefusedError} when the host refuses the tensors or fails on them.
   * @throws {RevisionMismatchError} when the answer is not of the revision asked for.
   * @throws {InvalidResponseError} when the answer is not of the protocol, or lacks an output asked for.
   * @throws the reason of `signal`, when that aborts.
   */
  async infer(model: string, inputs: Tensors, options: InferOptions = {}): Promise<Tensors> {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const { outputs } = options;
    const message = encodeInferRequest({ inputs, timeoutMs, ...(outputs && { outputs }) });
    const { body, headers } = await this.#call(`${this.#path(model)}/infer`, options, {
      method: "POST",
      body: message.body,
      headers: message.headers,
    });
    const response = understood(() => decodeInferResponse(body, headers.get(HEADER_LENGTH)));
    const { name, revision } = parsedReference(model);
    const answered = this.#revision(response.version);
    if (revision !== undefined && answered !== revision) {
      throw new RevisionMismatchError(name, revision, answered);
    }
    const missing = outputs?.find((name) => !Object.hasOwn(response.outputs, name));
    if (missing !== undefined) throw new InvalidResponseError(`The answer lacks output "${missing}".`);
    return response.outputs;
  }

  /** What the host says about a model, its name or `name@revision`. Throws as {@link infer} does. */
  async metadata(model: string, options: CallOptions = {}): Promise<ModelMetadata> {
    const { body } = await this.#call(this.#path(model), options);
    return understood(() => ModelMetadata.parse(JSON.parse(new TextDecoder().decode(body))));
  }

  /** Whether the host is ready to infer: a real inference has succeeded on each of its models. Never throws. */
  async ready(options: CallOptions = {}): Promise<boolean> {
    return this.#call("/v2/health/ready", options).then(
      () => true,
      () => false,
    );
  }

  #path(reference: string): string {
    const { name, revision } = parsedReference(reference);
    const path = `/v2/models/${encodeURIComponent(name)}`;
    if (revision === undefined) return path;
    const version = this.#versions === "integer" ? integerVersion(revision) : revision;
    return `${path}/versions/${encodeURIComponent(version)}`;
  }

  /** The revision that an answer's version stands for; a version that stands for none is left as it is. */
  #revision(version: string | undefined): string | undefined {
    if (this.#versions === "revision" || version === undefined) return version;
    return revisionOfInteger(version) ?? version;
  }

  /**
   * A request whose connection broke before there was an answer is sent once more: no call changes anything on the
   * host, and hosts close idle connections just when they are used again.
   */
  async #call(path: string, options: CallOptions, init: Message = {}) {
    const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const headers = { ...this.#headers, ...init.headers, [TIMEOUT_HEADER]: String(Math.ceil(timeoutMs)) };
    try {
      const send = async () => {
        const url = `${this.#baseUrl}${path}`;
        // Signed each time it is sent: a host takes a signature once.
        const signed = this.#secret === undefined ? {} : await sign(this.#secret, { ...init, url, headers });
        return this.#fetch(url, { ...init, headers: { ...headers, ...signed }, signal });
      };
      const response = await send().catch((error) => (signal.aborted ? Promise.reject(error) : send()));
      const body = await readBody(response, MAX_BODY_BYTES);
      if (!response.ok) throw refusal(response, body, path);
      return { body, headers: response.headers };
    } catch (error) {
      options.signal?.throwIfAborted();
      if (timeout.aborted) throw new DeadlineExceededError(`No answer within ${timeoutMs} ms.`, error);
      if (error instanceof BodyTooLargeError) throw new InvalidResponseError(error.message, error);
      throw failure(error);
    }
  }
}

/** What is sent, besides the headers that every request has. */
interface Message {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
}

function parsedReference(reference: string): {
  readonly name: string;
  readonly revision?: string | undefined;
} {
  const [, name = reference, revision] = /^([^@]+)@([^@]+)$/.exec(reference) ?? [];
  return { name, revision };
}

/** Reads what the host sent; what cannot be read is the host's mistake, not the caller's. */
function understood<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    throw new InvalidResponseError(
      `The answer is not of the Open Inference Protocol: ${reasonOf(error)}`,
      error,
    );
  }
}
