/**
 * A plan: a compiled model as one file. Loading it is one copy into linear memory; nothing is computed.
 *
 * `CORKPLAN`, length of the header (32 bits), header (JSON), zeros up to a multiple of 16, image. The image belongs
 * at `PLAN_BASE`: constants and the program, all addresses final. Behind it begins the arena of the tensors.
 */
// The small form of zod: pages load this file.
import * as z from "zod/mini";

/** Where every image begins: behind the kernels' own working memory. */
export const PLAN_BASE = 0x30000;

const MAGIC = new TextEncoder().encode("CORKPLAN");
const VERSION = 1;

const PlanTensor = z.strictObject({
  name: z.string(),
  datatype: z.enum(["UINT8", "FP32"]),
  /** As the model declares it; the first dimension may be -1, the batch. */
  shape: z.array(z.int()),
  address: z.int(),
  /** Rows in memory are `stride` elements apart and `count` long. */
  rows: z.int(),
  count: z.int(),
  stride: z.int(),
  /** Memory holds rows of channels, the model's shape has channels first. */
  channelsFirst: z.boolean(),
});
export type PlanTensor = z.infer<typeof PlanTensor>;

const PlanHeader = z.strictObject({
  version: z.literal(VERSION),
  inputs: z.array(PlanTensor),
  outputs: z.array(PlanTensor),
  program: z.int(),
  /** One entry an instruction: the node it computes, and its multiply-adds. */
  instructions: z.array(z.strictObject({ name: z.string(), operator: z.string(), macs: z.number() })),
  /** Bytes of linear memory that the model needs, the kernels' included. */
  memoryBytes: z.int(),
});
export type PlanHeader = z.infer<typeof PlanHeader>;

export interface Plan {
  readonly header: PlanHeader;
  readonly image: Uint8Array;
}

export function isPlan(bytes: Uint8Array): boolean {
  return MAGIC.every((byte, index) => bytes[index] === byte);
}

export function writePlan(header: Omit<PlanHeader, "version">, image: Uint8Array): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify({ version: VERSION, ...header }));
  const start = imageStart(json.length);
  const bytes = new Uint8Array(start + image.length);
  bytes.set(MAGIC);
  new DataView(bytes.buffer).setUint32(MAGIC.length, json.length, true);
  bytes.set(json, MAGIC.length + 4);
  bytes.set(image, start);
  return bytes;
}

/** @throws {SyntaxError} when the bytes are no plan of this version. */
export function readPlan(bytes: Uint8Array): Plan {
  if (!isPlan(bytes)) throw new SyntaxError("These bytes are no engine plan.");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(MAGIC.length, true);
  const json = new TextDecoder().decode(bytes.subarray(MAGIC.length + 4, MAGIC.length + 4 + length));
  const header = PlanHeader.safeParse(JSON.parse(json));
  if (!header.success)
    throw new SyntaxError(`The plan's header is not valid: ${z.prettifyError(header.error)}`);
  return { header: header.data, image: bytes.subarray(imageStart(length)) };
}

const imageStart = (headerBytes: number) => Math.ceil((MAGIC.length + 4 + headerBytes) / 16) * 16;
