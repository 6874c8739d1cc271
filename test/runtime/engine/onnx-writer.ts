/** Writes small ONNX models for tests: the counterpart of `compiler/onnx-file.ts`. */

export type TensorValue = Float32Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

export interface NodeSpec {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number | string | readonly number[]>>;
}

export interface ModelSpec {
  readonly nodes: readonly NodeSpec[];
  readonly initializers: Readonly<Record<string, { shape: readonly number[]; data: TensorValue }>>;
  readonly input: { readonly name: string; readonly shape: readonly number[] };
  readonly outputs: readonly string[];
}

const encoder = new TextEncoder();

function varint(value: number): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? byte | 128 : byte);
  } while (rest > 0n);
  return bytes;
}

const integer = (field: number, value: number) => [...varint(field * 8), ...varint(value)];
const bytes = (field: number, value: Iterable<number>) => {
  const list = [...value];
  return [...varint(field * 8 + 2), ...varint(list.length), ...list];
};
const text = (field: number, value: string) => bytes(field, encoder.encode(value));
const float = (field: number, value: number) => [
  ...varint(field * 8 + 5),
  ...new Uint8Array(Float32Array.of(value).buffer),
];

function elementType(data: TensorValue): number {
  if (data instanceof Float32Array) return 1;
  if (data instanceof Uint8Array) return 2;
  if (data instanceof Int8Array) return 3;
  return data instanceof Int32Array ? 6 : 7;
}

function attribute(name: string, value: number | string | readonly number[]): number[] {
  if (typeof value === "string") return [...text(1, name), ...text(4, value), ...integer(20, 3)];
  if (typeof value === "number") {
    const whole = Number.isInteger(value);
    return [
      ...text(1, name),
      ...(whole ? integer(3, value) : float(2, value)),
      ...integer(20, whole ? 2 : 1),
    ];
  }
  return [...text(1, name), ...value.flatMap((item) => integer(8, item)), ...integer(20, 7)];
}

function valueInfo(name: string, type: number, shape?: readonly number[]): number[] {
  const dimensions =
    shape &&
    bytes(
      2,
      shape.flatMap((size) => bytes(1, integer(1, size))),
    );
  return [...text(1, name), ...bytes(2, bytes(1, [...integer(1, type), ...(dimensions ?? [])]))];
}

/** An ONNX file of opset 20: uint8 in, float out. */
export function writeOnnx({ nodes, initializers, input, outputs }: ModelSpec): Uint8Array {
  const graph = [
    ...nodes.flatMap(({ op, inputs, outputs: results, attributes = {} }) =>
      bytes(1, [
        ...inputs.flatMap((name) => text(1, name)),
        ...results.flatMap((name) => text(2, name)),
        ...text(4, op),
        ...Object.entries(attributes).flatMap(([name, value]) => bytes(5, attribute(name, value))),
      ]),
    ),
    ...text(2, "test"),
    ...Object.entries(initializers).flatMap(([name, { shape, data }]) =>
      bytes(5, [
        ...shape.flatMap((size) => integer(1, size)),
        ...integer(2, elementType(data)),
        ...text(8, name),
        ...bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
      ]),
    ),
    ...bytes(11, valueInfo(input.name, 2, input.shape)),
    ...outputs.flatMap((name) => bytes(12, valueInfo(name, 1))),
  ];
  return Uint8Array.from([
    ...integer(1, 9),
    ...bytes(7, graph),
    ...bytes(8, [...text(1, ""), ...integer(2, 20)]),
  ]);
}
