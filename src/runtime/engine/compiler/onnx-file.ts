/** Reads an ONNX file: as much of the protocol buffers as the compiler needs. */
import type { Attribute, OnnxData, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from "./onnx-graph.ts";
import { type Field, fields, type Message, packedFloats, packedVarints, text } from "./protobuf.ts";

/** @throws {SyntaxError} when the bytes are no ONNX model, or one with external data. */
export function readOnnx(bytes: Uint8Array): OnnxGraph {
  const graph = one(fields(bytes), 7);
  if (!graph) throw new SyntaxError("These bytes hold no ONNX graph.");
  const message = fields(graph.bytes);
  const initializers = new Map<string, OnnxTensor>();
  for (const field of all(message, 5)) initializers.set(nameOf(field, 8), readTensor(field.bytes));
  const nodes: OnnxNode[] = [];
  for (const field of all(message, 1)) {
    const node = readNode(field.bytes);
    const value = node.op === "Constant" ? constantOf(node) : undefined;
    if (value) initializers.set(node.outputs[0]!, value);
    else nodes.push(node);
  }
  return {
    nodes,
    initializers,
    inputs: all(message, 11)
      .map(readValue)
      .filter(({ name }) => !initializers.has(name)),
    outputs: all(message, 12).map(readValue),
  };
}

const all = (message: Message, number: number): readonly Field[] => message.get(number) ?? [];
const one = (message: Message, number: number): Field | undefined => message.get(number)?.at(-1);
const nameOf = (field: Field, number: number): string => {
  const name = one(fields(field.bytes), number);
  return name ? text(name.bytes) : "";
};

function constantOf({ attributes }: OnnxNode): OnnxTensor | undefined {
  const { value, value_float, value_int, value_ints } = attributes;
  if (typeof value === "object" && "data" in value) return value;
  if (typeof value_float === "number") return { shape: [], data: Float32Array.of(value_float) };
  if (typeof value_int === "number") return { shape: [], data: BigInt64Array.of(BigInt(value_int)) };
  if (Array.isArray(value_ints)) {
    return {
      shape: [value_ints.length],
      data: BigInt64Array.from(value_ints, (item: number) => BigInt(item)),
    };
  }
  return undefined;
}

function readNode(bytes: Uint8Array): OnnxNode {
  const message = fields(bytes);
  const outputs = all(message, 2).map((field) => text(field.bytes));
  const name = one(message, 3);
  return {
    op: text(one(message, 4)?.bytes ?? new Uint8Array()),
    name: (name && text(name.bytes)) || outputs[0] || "",
    inputs: all(message, 1).map((field) => text(field.bytes)),
    outputs,
    attributes: Object.fromEntries(all(message, 5).map((field) => readAttribute(field.bytes))),
  };
}

function readAttribute(bytes: Uint8Array): [string, Attribute] {
  const message = fields(bytes);
  const name = text(one(message, 1)!.bytes);
  const type = one(message, 20)?.integer ?? 0;
  switch (type) {
    case 1:
      return [name, one(message, 2)?.float ?? 0];
    case 2:
      return [name, one(message, 3)?.integer ?? 0];
    case 3:
      return [name, text(one(message, 4)?.bytes ?? new Uint8Array())];
    case 4:
      return [name, readTensor(one(message, 5)!.bytes)];
    case 6:
      return [name, packedFloats(all(message, 7))];
    case 7:
      return [name, packedVarints(all(message, 8))];
    default:
      return [name, `attribute type ${type}`];
  }
}

function readValue(field: Field): OnnxValue {
  const message = fields(field.bytes);
  const type = one(message, 2);
  const tensor = type && one(fields(type.bytes), 1);
  const parts = tensor ? fields(tensor.bytes) : new Map<number, Field[]>();
  const shape = one(parts, 2);
  const dimensions = shape ? all(fields(shape.bytes), 1) : [];
  return {
    name: text(one(message, 1)!.bytes),
    type: one(parts, 1)?.integer ?? 0,
    shape: dimensions.map((dimension) => one(fields(dimension.bytes), 1)?.integer ?? -1),
  };
}

function readTensor(bytes: Uint8Array): OnnxTensor {
  const message = fields(bytes);
  if (one(message, 14)?.integer === 1) throw new SyntaxError("External data is not supported.");
  const shape = packedVarints(all(message, 1));
  const type = one(message, 2)?.integer ?? 0;
  const raw = one(message, 9);
  return { shape, data: raw ? rawData(type, raw.bytes) : listedData(type, message) };
}

function rawData(type: number, bytes: Uint8Array): OnnxData {
  // A copy: the file's offsets are not aligned to the elements.
  const { buffer } = bytes.slice();
  switch (type) {
    case 1:
      return new Float32Array(buffer);
    case 2:
    case 9:
      return new Uint8Array(buffer);
    case 3:
      return new Int8Array(buffer);
    case 6:
      return new Int32Array(buffer);
    case 7:
      return new BigInt64Array(buffer);
    case 10:
      return new Uint16Array(buffer);
    case 11:
      return new Float64Array(buffer);
    default:
      throw new SyntaxError(`Tensors of ONNX element type ${type} are not supported.`);
  }
}

function listedData(type: number, message: Message): OnnxData {
  if (type === 1) return Float32Array.from(packedFloats(all(message, 4)));
  if (type === 7) return BigInt64Array.from(packedVarints(all(message, 7)), BigInt);
  const integers = packedVarints(all(message, 5));
  if (type === 2 || type === 9) return Uint8Array.from(integers);
  if (type === 3) return Int8Array.from(integers);
  if (type === 6) return Int32Array.from(integers);
  throw new SyntaxError(`Tensors of ONNX element type ${type} are not supported.`);
}
