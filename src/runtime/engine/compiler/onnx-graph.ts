/** An ONNX graph as the compiler reads it. */

export type OnnxData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int32Array
  | BigInt64Array
  | Uint16Array;

export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly data: OnnxData;
}

export type Attribute = number | string | readonly number[] | OnnxTensor;

export interface OnnxNode {
  readonly op: string;
  /** Its own name, or else its first output's. */
  readonly name: string;
  /** Value names; an input left out is "". */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

export interface OnnxValue {
  readonly name: string;
  /** -1 for a free dimension. */
  readonly shape: readonly number[];
  /** ONNX element type: 1 float, 2 uint8, 3 int8. */
  readonly type: number;
}

export interface OnnxGraph {
  /** In topological order, as ONNX prescribes. */
  readonly nodes: readonly OnnxNode[];
  readonly initializers: ReadonlyMap<string, OnnxTensor>;
  /** Inputs that are no initialisers. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
}

export function numberAttribute(node: OnnxNode, name: string, otherwise: number): number {
  const value = node.attributes[name];
  return typeof value === "number" ? value : otherwise;
}

export function listAttribute(node: OnnxNode, name: string, otherwise: readonly number[]): readonly number[] {
  const value = node.attributes[name];
  return Array.isArray(value) ? value : otherwise;
}

export function stringAttribute(node: OnnxNode, name: string, otherwise: string): string {
  const value = node.attributes[name];
  return typeof value === "string" ? value : otherwise;
}
