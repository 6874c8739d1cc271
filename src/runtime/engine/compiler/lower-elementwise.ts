/** Elementwise operators: activations become tables or clamps, sums and products their own instructions. */
import { Add, Op, ScaleChannels } from "../program/fields.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { numberAttribute, type OnnxNode } from "./onnx-graph.ts";
import type { Bytes, Constant, Lazy, Value, Weights } from "./values.ts";
import { realNumbers } from "./values.ts";
import { asPicture, sameLayout } from "./view.ts";

const { exp, max, min } = Math;
const sigmoid = (x: number) => 1 / (1 + exp(-x));

/** Operators of one number, as functions. */
const ACTIVATIONS: Readonly<Record<string, (node: OnnxNode) => (x: number) => number>> = {
  Sigmoid: () => sigmoid,
  Tanh: () => Math.tanh,
  Erf: () => erf,
  Exp: () => exp,
  Neg: () => (x) => -x,
  Softplus: () => (x) => Math.log1p(exp(x)),
  HardSwish: () => (x) => (x * min(max(x + 3, 0), 6)) / 6,
  HardSigmoid: (node) => {
    const [alpha, beta] = [numberAttribute(node, "alpha", 0.2), numberAttribute(node, "beta", 0.5)];
    return (x) => min(max(alpha * x + beta, 0), 1);
  },
  LeakyRelu: (node) => {
    const alpha = numberAttribute(node, "alpha", 0.01);
    return (x) => (x < 0 ? alpha * x : x);
  },
  Elu: (node) => {
    const alpha = numberAttribute(node, "alpha", 1);
    return (x) => (x < 0 ? alpha * (exp(x) - 1) : x);
  },
  Gelu: (node) =>
    node.attributes.approximate === "tanh"
      ? (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
      : (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
};

/** Names of the operators of one number that become tables. */
export const TABLE_OPERATORS: ReadonlySet<string> = new Set(Object.keys(ACTIVATIONS));

export function activation(lowering: Lowering, node: OnnxNode): Lazy {
  const f = ACTIVATIONS[node.op]!(node);
  const { source, value } = tableOf(lowering.input(node, 0));
  return lowering.tableLazy({ source, value: (x) => f(value(x)) }, node.name);
}

/** A value as a function of one byte. */
function tableOf(value: Value): NonNullable<Lazy["table"]> {
  if ((value.kind === "lazy" || value.kind === "bytes") && value.table) return value.table;
  if (value.kind === "bytes") return { source: value, value: (x) => x };
  throw new Unsupported(
    "an activation's input is not quantised (put QuantizeLinear and DequantizeLinear before it)",
  );
}

/** `Relu` and `Clip` of real numbers. */
export function clamp(lowering: Lowering, node: OnnxNode): Value {
  const value = lowering.input(node, 0);
  const bound = (index: number, attribute: string, otherwise: number) => {
    if (!node.inputs[index]) return numberAttribute(node, attribute, otherwise);
    return scalar(lowering.input(node, index));
  };
  const [low, high] =
    node.op === "Relu"
      ? [0, Number.POSITIVE_INFINITY]
      : [bound(1, "min", Number.NEGATIVE_INFINITY), bound(2, "max", Number.POSITIVE_INFINITY)];
  if (value.kind === "lazy" && value.clamped) return value.clamped(low, high);
  const { source, value: f } = tableOf(value);
  return lowering.tableLazy({ source, value: (x) => min(max(f(x), low), high) }, node.name);
}

function scalar(value: Value): number {
  if (value.kind !== "weights" && value.kind !== "constant") throw new Unsupported("a bound is not constant");
  const [first, ...others] = realNumbers(value);
  if (first === undefined || others.length > 0) throw new Unsupported("a constant is no single number");
  return first;
}

const isConstant = (value: Value): value is Weights | Constant =>
  value.kind === "weights" || value.kind === "constant";

export function addOrSubtract(lowering: Lowering, node: OnnxNode): Value {
  const [a, b] = [lowering.input(node, 0), lowering.input(node, 1)];
  const sign = node.op === "Sub" ? -1 : 1;
  if (isConstant(a) || isConstant(b)) return withConstant(lowering, node, a, b);
  if (a.kind === "bytes" && b.kind === "bytes") return addBytes(lowering, node, a, b, sign);
  throw new Unsupported("its inputs are not both quantised");
}

function withConstant(lowering: Lowering, node: OnnxNode, a: Value, b: Value): Value {
  const [variable, constant] = isConstant(b) ? [a, b] : [b, a as Weights | Constant];
  const numbers = realNumbers(constant);
  const combine = COMBINE[node.op]!;
  if (numbers.length === 1) {
    const number = numbers[0]!;
    const { source, value } = tableOf(variable);
    const f = (x: number) => (isConstant(b) ? combine(value(x), number) : combine(number, value(x)));
    return lowering.tableLazy({ source, value: f }, node.name);
  }
  // A bias behind a rounded product joins the product: one rounding less.
  const real = variable.kind === "bytes" ? variable.origin : variable;
  if (real?.kind === "lazy" && real.affine && (node.op === "Add" || node.op === "Mul")) {
    const channels = real.shape[real.shape.length === 4 ? 1 : real.shape.length - 1]!;
    if (numbers.length === channels) {
      const ones = numbers.map(() => 1);
      const zeros = numbers.map(() => 0);
      return node.op === "Add" ? real.affine(ones, numbers) : real.affine(numbers, zeros);
    }
  }
  if (variable.kind === "bytes" && node.op === "Add") {
    return addBytes(lowering, node, variable, constantBytes(lowering, variable, numbers), 1);
  }
  throw new Unsupported("a constant of this shape");
}

const COMBINE: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Pow: (a, b) => a ** b,
};

/** A constant laid out as the variable that it is added to, in bytes of its own range. */
export function constantBytes(
  lowering: Lowering,
  { view, size }: Pick<Bytes, "view" | "size">,
  numbers: readonly number[],
): Bytes {
  const { shape, strides } = view;
  const total = shape.reduce((product, length) => product * length, 1);
  if (numbers.length !== total) throw new Unsupported("a constant that is broadcast");
  const largest = numbers.reduce((most, number) => max(most, Math.abs(number)), 1e-9);
  const scale = largest / 127;
  const contents = new Uint8Array(size).fill(128);
  for (let index = 0; index < total; index++) {
    let [rest, place] = [index, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    contents[place] = Math.round(numbers[index]! / scale) + 128;
  }
  const buffer = lowering.builder.constant(contents);
  const quantisation = { scale, zero: 128, low: 1, high: 255 };
  return { kind: "bytes", view, size, quantisation, buffer: () => buffer };
}

function addBytes(lowering: Lowering, node: OnnxNode, a: Bytes, b: Bytes, sign: 1 | -1): Lazy {
  if (!sameLayout(a.view, b.view))
    throw new Unsupported("its inputs lie differently in memory, or are broadcast");
  return elementwiseLazy(lowering, node, a, (output, to) => {
    const scaleA = Math.fround(a.quantisation.scale / output.scale);
    const scaleB = Math.fround((sign * b.quantisation.scale) / output.scale);
    const offset = output.zero - scaleA * a.quantisation.zero - scaleB * b.quantisation.zero;
    lowering.builder.emit(node.name, Op.Add, Add.Length, {
      [Add.A]: a.buffer(),
      [Add.B]: b.buffer(),
      [Add.Bytes]: a.size,
      [Add.ScaleA]: { real: scaleA },
      [Add.ScaleB]: { real: scaleB },
      [Add.Offset]: { real: offset },
      [Add.Output]: to,
      [Add.Low]: output.low,
      [Add.High]: output.high,
    });
  });
}

function elementwiseLazy(
  lowering: Lowering,
  node: OnnxNode,
  like: Bytes,
  emit: (output: Bytes["quantisation"], to: ReturnType<Bytes["buffer"]>) => void,
): Lazy {
  return {
    kind: "lazy",
    shape: like.view.shape,
    toBytes: (output) => lowering.bytesOf(like.view, like.size, output, (to) => emit(output, to)),
    toFloats: () => {
      throw new Unsupported(`the result of ${node.op} is needed as floats: quantise it`);
    },
  };
}

/** `Mul`, `Div`, `Pow`: by constants, by a function of the same tensor (SiLU), or by gates (squeeze-and-excitation). */
export function multiply(lowering: Lowering, node: OnnxNode): Value {
  const [a, b] = [lowering.input(node, 0), lowering.input(node, 1)];
  if (isConstant(a) || isConstant(b)) return withConstant(lowering, node, a, b);
  if (node.op !== "Mul") throw new Unsupported("its second input is not constant");
  const [tableA, tableB] = [optionalTable(a), optionalTable(b)];
  if (tableA && tableB && tableA.source === tableB.source) {
    const value = (x: number) => tableA.value(x) * tableB.value(x);
    return lowering.tableLazy({ source: tableA.source, value }, node.name);
  }
  if (a.kind !== "bytes" || b.kind !== "bytes") throw new Unsupported("its inputs are not both quantised");
  return isGate(b) ? gated(lowering, node, a, b) : gated(lowering, node, b, a);
}

function optionalTable(value: Value): Lazy["table"] {
  if (value.kind === "lazy" || value.kind === "bytes") {
    return value.table ?? (value.kind === "bytes" ? { source: value, value: (x) => x } : undefined);
  }
  return undefined;
}

const isGate = ({ view: { shape } }: Bytes) => shape.length === 4 && shape[2] === 1 && shape[3] === 1;

function gated(lowering: Lowering, node: OnnxNode, input: Bytes, gate: Bytes): Lazy {
  const picture = asPicture(input.view);
  if (!picture || !isGate(gate))
    throw new Unsupported("products of two tensors run only with a gate per channel");
  return elementwiseLazy(lowering, node, input, (output, to) => {
    lowering.builder.emit(node.name, Op.ScaleChannels, ScaleChannels.Length, {
      [ScaleChannels.Input]: input.buffer(),
      [ScaleChannels.Pixels]: picture.height * picture.width,
      [ScaleChannels.Channels]: picture.pixel,
      [ScaleChannels.Gate]: gate.buffer(),
      [ScaleChannels.InputZero]: input.quantisation.zero,
      [ScaleChannels.GateZero]: gate.quantisation.zero,
      [ScaleChannels.Scale]: { real: (input.quantisation.scale * gate.quantisation.scale) / output.scale },
      [ScaleChannels.Output]: to,
      [ScaleChannels.Zero]: output.zero,
      [ScaleChannels.Low]: output.low,
      [ScaleChannels.High]: output.high,
    });
  });
}

/** The error function, to 1.5e-7 (Abramowitz and Stegun 7.1.26): far below a step of 8 bits. */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const polynomial =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  return Math.sign(x) * (1 - polynomial * exp(-x * x));
}
