/**
 * Elements of BYTES tensors in the two forms in which the protocol carries them.
 *
 * Triton's binary tensor data extension: "each element is represented by a 4-byte little-endian unsigned integer
 * giving the length, followed by the actual bytes". In JSON an element is a string.
 */
import type { BytesTensor } from "../runtime/tensor.ts";
import { MalformedMessageError } from "./errors.ts";
import { MAX_BYTES_LENGTH, type TensorHeader } from "./protocol.ts";
import { flatten } from "./tensor-data.ts";

const LENGTH_BYTES = 4;
/** A surrogate without its other half: UTF-8 has no form for it. */
const LONE_SURROGATE = /\p{Surrogate}/u;

const encoder = new TextEncoder();

/** A tensor of texts, one dimension unless told otherwise. */
export function bytesTensor(
  texts: readonly string[],
  shape: readonly number[] = [texts.length],
): BytesTensor {
  return { datatype: "BYTES", shape, data: texts.map((text) => encoder.encode(text)) };
}

/**
 * A tensor of `count` elements that fill `binary` exactly; they view it.
 * @throws {MalformedMessageError} for an element that is too long or ends beyond, and for bytes that are left over.
 */
export function bytesFromBinary(
  { name, shape }: TensorHeader,
  count: number,
  binary: Uint8Array,
): BytesTensor {
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength);
  const data: Uint8Array[] = [];
  let offset = 0;
  for (let index = 0; index < count; index++) {
    if (offset + LENGTH_BYTES > binary.byteLength) throw endsEarly(name, index);
    const length = view.getUint32(offset, true);
    offset += LENGTH_BYTES;
    assertLength(name, index, length);
    if (offset + length > binary.byteLength) throw endsEarly(name, index);
    data.push(binary.subarray(offset, offset + length));
    offset += length;
  }
  if (offset === binary.byteLength) return { datatype: "BYTES", shape, data };
  const left = binary.byteLength - offset;
  throw new MalformedMessageError(`${left} bytes of "${name}" follow its last element.`);
}

/**
 * A tensor of `count` elements from a JSON array of strings, flat or nested; they become UTF-8.
 * @throws {MalformedMessageError} when they are too few, too many, too long, or no texts.
 */
export function bytesFromJson({ name, shape, data: texts }: TensorHeader, count: number): BytesTensor {
  if (!texts) throw new MalformedMessageError(`"${name}" has no data.`);
  const data: Uint8Array[] = [];
  for (const text of flatten(texts)) {
    if (data.length === count) throw new MalformedMessageError(`"${name}" has more than ${count} elements.`);
    if (typeof text !== "string" || LONE_SURROGATE.test(text)) {
      throw new MalformedMessageError(`"${name}" has an element that is no text, at ${data.length}.`);
    }
    const bytes = encoder.encode(text);
    assertLength(name, data.length, bytes.byteLength);
    data.push(bytes);
  }
  if (data.length === count) return { datatype: "BYTES", shape, data };
  throw new MalformedMessageError(`"${name}" has ${data.length} elements; its shape needs ${count}.`);
}

/** Bytes that the binary form of a tensor takes. */
export function bytesSize({ data }: BytesTensor): number {
  return data.reduce((sum, element) => sum + LENGTH_BYTES + element.byteLength, 0);
}

/** The binary form: each element after its length. */
export function binaryFromBytes(tensor: BytesTensor): Uint8Array {
  const binary = new Uint8Array(bytesSize(tensor));
  const view = new DataView(binary.buffer);
  let offset = 0;
  for (const element of tensor.data) {
    view.setUint32(offset, element.byteLength, true);
    binary.set(element, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + element.byteLength;
  }
  return binary;
}

/** The JSON form. @throws {MalformedMessageError} for elements that are not UTF-8, which it cannot hold. */
export function jsonFromBytes(name: string, tensor: BytesTensor): string[] {
  return textsOf(name, tensor, "ask for binary data");
}

/**
 * The elements as texts.
 * @param hint what to do about elements that are none
 * @throws {MalformedMessageError} for elements that are not UTF-8.
 */
export function textsOf(name: string, { data }: BytesTensor, hint = "send texts"): string[] {
  // A byte order mark belongs to the text: what is written is what was read.
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  return data.map((element, index) => {
    try {
      return decoder.decode(element);
    } catch (error) {
      throw new MalformedMessageError(`"${name}" has bytes that are not UTF-8, at ${index}: ${hint}.`, error);
    }
  });
}

function assertLength(name: string, index: number, length: number): void {
  if (length <= MAX_BYTES_LENGTH) return;
  throw new MalformedMessageError(
    `"${name}" has an element of ${length} bytes, at ${index}; ${MAX_BYTES_LENGTH} are the most allowed.`,
  );
}

function endsEarly(name: string, index: number): MalformedMessageError {
  return new MalformedMessageError(`The data of "${name}" ends within its element ${index}.`);
}
