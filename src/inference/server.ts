/** The Open Inference Protocol's answers, independent of any router: each method is one route. */
import { inputsOf, outputsOf, pinnedName } from "../runtime/manifest.ts";
import type { Runtime, Session } from "../runtime/session.ts";
import { readBody } from "./body.ts";
import { decodeInferRequest } from "./decode.ts";
import { encodeInferResponse } from "./encode.ts";
import { errorResponse } from "./error-response.ts";
import {
  CompressedBodyError,
  HostUnavailableError,
  MalformedMessageError,
  ModelNotFoundError,
} from "./errors.ts";
import { type LineOptions, Lines } from "./lines.ts";
import { ModelCache } from "./model-cache.ts";
import { ModelReadiness, type Wait } from "./model-readiness.ts";
import type { HostedModel, ModelStore } from "./model-store.ts";
import {
  HEADER_LENGTH,
  MAX_BODY_BYTES,
  MAX_TIMEOUT_MS,
  type ModelMetadata,
  type ServerMetadata,
  TIMEOUT_HEADER,
} from "./protocol.ts";

export interface InferenceServerOptions extends LineOptions {
  readonly store: ModelStore;
  readonly runtime: Runtime;
  /** Name and version that the server gives as its own. */
  readonly name?: string;
  readonly version?: string;
  /** Bytes of the engine's heap. @default 96 MiB */
  readonly memoryBudgetBytes?: number | undefined;
  /** Longest request body in bytes. @default 16 MiB */
  readonly maxBodyBytes?: number | undefined;
  /** Whether {@link InferenceServer.warmUp} runs every size of batch. @default false */
  readonly warmBatches?: boolean | undefined;
}

/** What a route needs to know besides its path. */
export interface Call {
  readonly request: Request;
  /** Keeps shared work alive when the caller goes away (`ExecutionContext.waitUntil` of a Worker). */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  /** Looks at a body when it is read, before anything in it is believed; throws what the caller is to be told. */
  readonly checkBody?: (body: Uint8Array<ArrayBuffer>) => Promise<void>;
}

/** Time for a request whose caller does not say how long it waits. */
const DEFAULT_TIMEOUT_MS = 30_000;

export class InferenceServer {
  readonly #options: InferenceServerOptions;
  readonly #cache: ModelCache;
  readonly #lines: Lines;
  readonly #readiness: ModelReadiness;

  constructor(options: InferenceServerOptions) {
    const { store, runtime, memoryBudgetBytes: budgetBytes, lanesPerModel } = options;
    const loadPatienceMs = lanesPerModel === undefined ? undefined : Number.POSITIVE_INFINITY;
    this.#options = options;
    this.#cache = new ModelCache({ store, runtime, budgetBytes, loadPatienceMs });
    this.#lines = new Lines(options);
    this.#readiness = new ModelReadiness({ ...options, cache: this.#cache, lines: this.#lines });
  }

  /** Inferences that wait for their turn, of all models. */
  get waiting(): number {
    return this.#lines.waiting;
  }

  /** Whether there is any model here. @throws {ModelLoadError} when the configuration names one that is not there */
  async hasModels(): Promise<boolean> {
    return (await this.#options.store.list()).length > 0;
  }

  /** `GET /v2/health/live`: whether the server runs at all. */
  live(): Response {
    return Response.json({ live: true });
  }

  /** `GET /v2/health/ready`: 200 once a real inference has succeeded on every model; it runs those missing. */
  ready(call: Call): Promise<Response> {
    return this.#answer(call, async () => {
      const models = await this.#options.store.list();
      if (models.length === 0) throw new HostUnavailableError("No models are configured.");
      for (const model of models) await this.#readiness.prove(model, waitOf(call));
      // The protocol's text has `live` here, its OpenAPI document `ready`.
      return Response.json({ live: true, ready: true });
    });
  }

  /**
   * Loads all models one after the other, each proven by a real inference.
   * @param onReady told of each model, and of its session
   * @throws {HostUnavailableError} for the first one that does not run.
   */
  async warmUp(onReady: (model: HostedModel, session: Session | undefined) => void): Promise<void> {
    for (const model of await this.#options.store.list()) {
      const wait = { deadline: Number.POSITIVE_INFINITY };
      await this.#readiness.prove(model, wait);
      if (this.#options.warmBatches) await this.#readiness.warm(model, wait);
      onReady(model, this.#cache.loaded(model.manifest));
    }
  }

  /** `GET /v2`: what this server is. */
  metadata(): Response {
    const { name = "corkboard", version = "1" } = this.#options;
    const body: ServerMetadata = { name, version, extensions: ["binary_tensor_data", "schedule_policy"] };
    return Response.json(body);
  }

  /** `GET /v2/models/{model}[/versions/{version}]`: inputs, outputs, and how the model runs here. */
  modelMetadata(call: Call, name: string, version?: string): Promise<Response> {
    return this.#answer(call, async () => {
      const { manifest, precision, file, engine } = await this.#find(name, version);
      const session = this.#cache.loaded(manifest);
      const { revision } = manifest;
      const { batcher } = this.#lines.of(manifest);
      const body: ModelMetadata = {
        name,
        versions: await this.#versions(name),
        platform: "onnxruntime_onnx",
        inputs: inputsOf(manifest).map(({ name, datatype, shape }) => ({ name, datatype, shape })),
        outputs: outputsOf(manifest).map(({ name, datatype, shape }) => ({ name, datatype, shape })),
        parameters: {
          engine: session?.engine ?? engine ?? this.#options.runtime.engine,
          provider: session?.provider ?? null,
          precision,
          revision,
          loaded: session !== undefined,
          model_bytes: file.bytes,
          heap_bytes: this.#cache.heapBytes,
          batch_window_ms: batcher.windowMs,
          max_batch: batcher.maxRows,
          ...batcher.statistics(pinnedName(manifest)),
        },
      };
      return Response.json(body);
    });
  }

  /** `GET /v2/models/{model}[/versions/{version}]/ready`, as {@link ready} for one model. */
  modelReady(call: Call, name: string, version?: string): Promise<Response> {
    return this.#answer(call, async () => {
      await this.#readiness.prove(await this.#find(name, version), waitOf(call));
      return Response.json({ name, ready: true });
    });
  }

  /** `POST /v2/models/{model}[/versions/{version}]/infer`. */
  infer(call: Call, name: string, version?: string): Promise<Response> {
    return this.#answer(call, async () => {
      const { headers } = call.request;
      const started = performance.now();
      const model = await this.#find(name, version);
      const deadline = deadlineOf(call.request);
      assertPlain(headers);
      const body = await readBody(call.request, this.#options.maxBodyBytes ?? MAX_BODY_BYTES);
      await call.checkBody?.(body);
      const { id, inputs, outputs, timeoutMs, wantsBinary } = decodeInferRequest(
        body,
        headers.get(HEADER_LENGTH),
      );
      const read = performance.now();
      const answers = await this.#lines.of(model.manifest).batcher.run(
        {
          model: pinnedName(model.manifest),
          inputs,
          outputs,
          deadline: Math.min(deadline, Date.now() + (timeoutMs ?? MAX_TIMEOUT_MS)),
          signal: call.request.signal,
        },
        (work) => this.#cache.use(model, work),
      );
      this.#readiness.add(model);
      const computed = performance.now();
      const response = {
        model: name,
        version: model.manifest.revision,
        outputs: answers,
        ...(id !== undefined && { id }),
      };
      const message = encodeInferResponse(response, wantsBinary);
      this.#options.observer?.answer?.({
        model: pinnedName(model.manifest),
        inputMs: read - started,
        outputMs: performance.now() - computed,
      });
      return new Response(message.body, { headers: message.headers });
    });
  }

  async #find(name: string, version: string | undefined): Promise<HostedModel> {
    const models = await this.#options.store.list();
    const fits = ({ manifest: { revision } }: HostedModel) => version === undefined || version === revision;
    const model = models.find((one) => one.manifest.name === name && fits(one));
    if (model) return model;
    const hosted = models.map(({ manifest }) => `${manifest.name} (${manifest.revision})`);
    throw new ModelNotFoundError(version === undefined ? name : `${name} (${version})`, hosted);
  }

  /** The revisions of a model, the one that answers to its name alone first. */
  async #versions(name: string): Promise<string[]> {
    const models = await this.#options.store.list();
    return models.flatMap(({ manifest }) => (manifest.name === name ? manifest.revision : []));
  }

  async #answer(call: Call, work: () => Promise<Response>): Promise<Response> {
    const answer = work().catch(errorResponse);
    call.waitUntil?.(answer);
    return answer;
  }
}

/** @throws {CompressedBodyError} */
function assertPlain(headers: Headers): void {
  const encoding = headers.get("content-encoding");
  if (encoding !== null && encoding !== "identity") throw new CompressedBodyError(encoding);
}

function waitOf({ request }: Call): Wait {
  return { deadline: deadlineOf(request), signal: request.signal };
}

/** @throws {MalformedMessageError} when the header is no number of milliseconds. */
export function deadlineOf({ headers }: Request): number {
  const timeout = headers.get(TIMEOUT_HEADER);
  if (timeout === null) return Date.now() + DEFAULT_TIMEOUT_MS;
  if (!/^\d{1,9}$/.test(timeout))
    throw new MalformedMessageError(`${TIMEOUT_HEADER} is no number of milliseconds.`);
  return Date.now() + Math.min(Number(timeout), MAX_TIMEOUT_MS);
}
