/** Manifests as the model configurations of NVIDIA Triton (`ModelConfig` of its model_config.proto). */
import { batchSizes } from "../../inference/batch-sizes.ts";
import { integerVersion } from "../../inference/integer-version.ts";
import type { HostedModel } from "../../inference/model-store.ts";
import { MAX_TIMEOUT_MS } from "../../inference/protocol.ts";
import { inputsOf, outputsOf, type TensorDeclaration } from "../../runtime/manifest.ts";
import { EnumName, type Message, textFormat } from "./text-format.ts";

/** Where instances run: on every GPU, or where there is none on the CPU; on GPUs; on the CPU. */
export type Device = "auto" | "gpu" | "cpu";

export interface ConfigOptions {
  /** Most rows that run together. Triton refuses a request with more of them. */
  readonly maxBatch: number;
  /** Copies of a model on each device. */
  readonly instances: number;
  readonly device: Device;
  /** Most requests that wait, before Triton answers 503. */
  readonly maxWaiting: number;
}

/** Rows of the larger warm-up: a GPU gains little from more, and 64 large pictures take a CPU many seconds. */
const WARM_ROWS = 16;

/** First line of every configuration written here; a folder without it is somebody else's. */
export const MARK = "# Written by `corkboard triton export`.";

/**
 * The `config.pbtxt` of a model.
 * @param revisions of one name and with the same tensors, the current one first
 * @throws {RangeError} for a revision without an integer.
 */
export function modelConfig(
  revisions: readonly [HostedModel, ...HostedModel[]],
  { maxBatch, instances, device, maxWaiting }: ConfigOptions,
): string {
  const [{ manifest, precision }] = revisions;
  const inputs = inputsOf(manifest);
  const outputs = outputsOf(manifest);
  // Rows of a ranking are one request's candidates, hundreds of them: they are no batch that could be too large.
  const isBatch = manifest.task !== "ranking" && isBatched([...inputs, ...outputs]);
  const most = isBatch ? maxBatch : 0;
  const versions = revisions.map((one) => integerVersion(one.manifest.revision));
  const config: Message = {
    name: manifest.name,
    backend: "onnxruntime",
    max_batch_size: most,
    input: inputs.map((tensor) => tensorConfig(tensor, most > 0)),
    output: outputs.map((tensor) => tensorConfig(tensor, most > 0)),
    // Not the latest: a greater number is another revision, not a newer one.
    version_policy: { specific: { versions: versions.map(Number) } },
    instance_group: { count: instances, kind: new EnumName(`KIND_${device.toUpperCase()}`) },
    dynamic_batching: most > 1 ? dynamicBatching(most, maxWaiting) : undefined,
    model_warmup: warmUps(inputs, most),
    parameters: [
      parameter("revision", manifest.revision),
      parameter("precision", precision),
      ...revisions.map((one, index) => parameter(`revision:${versions[index]}`, one.manifest.revision)),
    ],
  };
  return `${MARK}\n${textFormat(config)}`;
}

/** Whether rows are a batch to Triton: the first dimension of every tensor is free, and it is not the only one. */
function isBatched(tensors: readonly TensorDeclaration[]): boolean {
  return tensors.every(({ shape }) => shape[0] === -1 && shape.length > 1);
}

/** Triton's own names of data types are the protocol's with a prefix. */
const dataType = ({ datatype }: TensorDeclaration) => new EnumName(`TYPE_${datatype}`);

/** Where Triton joins requests, dimensions leave the batch out. */
const dimensions = ({ shape }: TensorDeclaration, batched: boolean) => (batched ? shape.slice(1) : shape);

function tensorConfig(tensor: TensorDeclaration, batched: boolean): Message {
  return { name: tensor.name, data_type: dataType(tensor), dims: dimensions(tensor, batched) };
}

/** Requests run as soon as there is a free instance, with all that wait. A request's own time limit holds. */
function dynamicBatching(most: number, maxWaiting: number): Message {
  return {
    preferred_batch_size: batchSizes(most).slice(1),
    default_queue_policy: {
      timeout_action: new EnumName("REJECT"),
      default_timeout_microseconds: MAX_TIMEOUT_MS * 1000,
      allow_timeout_override: true,
      max_queue_size: maxWaiting,
    },
  };
}

/** A model counts as ready when it has answered zeros: one row, and a full batch. */
function warmUps(inputs: readonly TensorDeclaration[], most: number): Message[] {
  const rows = most > 1 ? [1, Math.min(most, WARM_ROWS)] : [1];
  return rows.map((count) => ({
    name: count === 1 ? "one row" : `${count} rows`,
    batch_size: most > 0 ? count : undefined,
    inputs: inputs.map((tensor) => ({
      key: tensor.name,
      value: {
        data_type: dataType(tensor),
        dims: dimensions(tensor, most > 0).map((size) => (size === -1 ? 1 : size)),
        zero_data: true,
      },
    })),
  }));
}

const parameter = (key: string, text: string): Message => ({ key, value: { string_value: text } });
