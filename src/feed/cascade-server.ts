/** The cascade as a model of the Open Inference Protocol: each method is one route. Its work is done in a thread. */
import { readBody } from "../inference/body.ts";
import { bytesTensor } from "../inference/bytes-data.ts";
import { decodeInferRequest } from "../inference/decode.ts";
import { encodeInferResponse } from "../inference/encode.ts";
import { errorResponse } from "../inference/error-response.ts";
import { HostUnavailableError, ModelNotFoundError } from "../inference/errors.ts";
import { HEADER_LENGTH, MAX_BODY_BYTES, MAX_TIMEOUT_MS, type ModelMetadata } from "../inference/protocol.ts";
import { InferenceQueue } from "../inference/queue.ts";
import { type Call, deadlineOf } from "../inference/server.ts";
import type { Tensors } from "../runtime/tensor.ts";
import { assertOutputs } from "../runtime/validate.ts";
import type { CascadeSettings, CascadeState } from "./cascade-messages.ts";
import { cascadeInputs, readCascadeRequest } from "./cascade-request.ts";
import { CascadeWorker } from "./cascade-worker.ts";
import { type CascadeAnswer, NoItemTableError } from "./unipinrec.ts";

/** Requests that the thread has at once: while one waits for the device, the next is searched for. */
const LANES = 4;

export interface CascadeServerOptions extends CascadeSettings {
  /** The JavaScript module of `cascade-thread.ts`. */
  readonly thread: URL;
  /** Requests that wait; one more is refused with 503. @default 64 */
  readonly maxWaiting?: number | undefined;
  readonly maxBodyBytes?: number | undefined;
  readonly log: (line: string) => void;
  /** Told of every answer. */
  readonly onAnswer?: ((answer: CascadeAnswer) => void) | undefined;
}

const MAX_WAITING = 64;

export class CascadeServer {
  readonly #options: CascadeServerOptions;
  readonly #worker: CascadeWorker;
  readonly #queue: InferenceQueue;

  constructor(options: CascadeServerOptions) {
    this.#options = options;
    this.#worker = new CascadeWorker(options);
    const maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.#queue = new InferenceQueue({ maxWaiting, lanes: LANES, holdersReturn: true });
  }

  get waiting(): number {
    return this.#queue.waiting;
  }

  /** As the thread last said; nothing before it has started. */
  get state(): CascadeState | undefined {
    return this.#worker.state;
  }

  /** Loads the model and begins to pull the items. @throws {ModelLoadError} {EngineUnavailableError} */
  start(): Promise<CascadeState> {
    return this.#worker.start();
  }

  /** Ends the thread, with what it has at work. */
  close(): Promise<void> {
    return this.#worker.close();
  }

  /** Of its model. */
  get name(): string {
    return this.#options.manifest.name;
  }

  /** Whether a model of this name is served here. */
  serves(name: string): boolean {
    return name === this.name;
  }

  /** `GET /v2/models/{model}[/versions/{version}]`. */
  modelMetadata(_call: Call, name: string, version?: string): Promise<Response> {
    return answered(async () => {
      this.#assertVersion(name, version);
      const { manifest, kvBytes } = this.#options;
      const { provider, precision, pool, table, problem } = this.state ?? {};
      const body: ModelMetadata = {
        name,
        versions: [manifest.revision],
        platform: "onnxruntime_onnx",
        inputs: cascadeInputs(manifest).map((one) => ({ ...one, shape: [...one.shape] })),
        outputs: outputs(manifest.actions.length),
        parameters: {
          engine: "native",
          provider: provider ?? null,
          precision: precision ?? null,
          graphs: Object.keys(manifest.graphs),
          content: manifest.content.model,
          max_history: manifest.max_history,
          max_candidates: manifest.max_candidates,
          kv: { ...pool, budget_bytes: kvBytes },
          table: table ?? null,
          problem: problem ?? null,
        },
      };
      return Response.json(body);
    });
  }

  /** `GET /v2/models/{model}[/versions/{version}]/ready`: 200 once there is a table of items. */
  modelReady(_call: Call, name: string, version?: string): Promise<Response> {
    return answered(async () => {
      this.#assertVersion(name, version);
      this.#assertReady();
      return Response.json({ name, ready: true });
    });
  }

  /** `POST /v2/models/{model}[/versions/{version}]/infer`: one person's history to items, best first. */
  infer(call: Call, name: string, version?: string): Promise<Response> {
    return answered(async () => {
      this.#assertVersion(name, version);
      const { manifest, maxBodyBytes = MAX_BODY_BYTES, onAnswer } = this.#options;
      const { request } = call;
      const sentUntil = deadlineOf(request);
      const body = await readBody(request, maxBodyBytes);
      await call.checkBody?.(body);
      const message = decodeInferRequest(body, request.headers.get(HEADER_LENGTH));
      const wanted = readCascadeRequest(message.inputs, manifest);
      assertOutputs(outputs(manifest.actions.length), message.outputs ?? []);
      this.#assertReady();
      const deadline = Math.min(sentUntil, Date.now() + (message.timeoutMs ?? MAX_TIMEOUT_MS));
      const work = () => this.#worker.rank(wanted, deadline);
      const answer = await this.#queue.run(deadline, work, { signal: request.signal });
      onAnswer?.(answer);
      const all = tensorsOf(answer, manifest.actions.length);
      const names = message.outputs ?? Object.keys(all);
      const response = {
        model: name,
        version: manifest.revision,
        outputs: Object.fromEntries(names.map((one) => [one, all[one]!])),
        ...(message.id !== undefined && { id: message.id }),
      };
      const encoded = encodeInferResponse(response, message.wantsBinary);
      return new Response(encoded.body, { headers: encoded.headers });
    });
  }

  #assertVersion(name: string, version: string | undefined): void {
    const { manifest } = this.#options;
    if (version === undefined || version === manifest.revision) return;
    throw new ModelNotFoundError(`${name} (${version})`, [`${manifest.name} (${manifest.revision})`]);
  }

  #assertReady(): void {
    if (!this.state) throw new HostUnavailableError("The model is being loaded.");
    if (!this.state.table) throw new NoItemTableError(this.state.problem);
  }
}

function outputs(actions: number) {
  return [
    { name: "ids", datatype: "BYTES", shape: [-1] },
    { name: "probabilities", datatype: "FP32", shape: [-1, actions] },
    { name: "similarities", datatype: "FP32", shape: [-1] },
    { name: "table", datatype: "BYTES", shape: [1] },
    { name: "reused", datatype: "INT32", shape: [1] },
  ];
}

function tensorsOf(answer: CascadeAnswer, actions: number): Tensors {
  const { ids, probabilities, similarities, table, reused } = answer;
  return {
    ids: bytesTensor(ids),
    probabilities: { datatype: "FP32", shape: [ids.length, actions], data: probabilities },
    similarities: { datatype: "FP32", shape: [ids.length], data: similarities },
    table: bytesTensor([table]),
    reused: { datatype: "INT32", shape: [1], data: Int32Array.of(reused) },
  };
}

function answered(work: () => Promise<Response>): Promise<Response> {
  return work().catch((error: unknown) => errorResponse(error));
}
