/** Small quantised networks, each around one operator, with random shapes and scales. */
import type { ModelSpec, NodeSpec, TensorValue } from "./onnx-writer.ts";
import type { Random } from "./random.ts";

export interface Network {
  readonly model: ModelSpec;
  /** The output's scale: results may differ by one such step. */
  readonly step: number;
  readonly largestByte: number;
}

/** Collects nodes; every tensor is quantised to 7 bits by `QuantizeLinear` and a clip, as the recipe does it. */
class Graph {
  readonly nodes: NodeSpec[] = [];
  readonly initializers: Record<string, { shape: readonly number[]; data: TensorValue }> = {};
  readonly #random: Random;
  readonly #shape: readonly [height: number, width: number, channels: number];
  #count = 0;

  constructor(random: Random, height: number, width: number, channels: number) {
    this.#random = random;
    this.#shape = [height, width, channels];
    this.constant("top", [], Uint8Array.of(127));
    this.add("Transpose", ["image"], ["nchw"], { perm: [0, 3, 1, 2] });
    this.dequantise("nchw", "pixels", 1 / 64, 127);
  }

  get channels(): number {
    return this.#shape[2];
  }

  add(
    op: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: NodeSpec["attributes"] = {},
  ): string {
    this.nodes.push({ op, inputs, outputs, attributes });
    return outputs[0]!;
  }

  constant(name: string, shape: readonly number[], data: TensorValue): string {
    this.initializers[name] = { shape, data };
    return name;
  }

  dequantise(from: string, to: string, scale: number, zero: number): string {
    const names = [
      this.constant(`${to}.s`, [], Float32Array.of(scale)),
      this.constant(`${to}.z`, [], Uint8Array.of(zero)),
    ];
    return this.add("DequantizeLinear", [from, ...names], [to]);
  }

  /** Rounds a tensor to 7 bits. */
  quantise(from: string, scale: number, zero: number): string {
    const name = `t${this.#count++}`;
    const names = [
      this.constant(`${name}.qs`, [], Float32Array.of(scale)),
      this.constant(`${name}.qz`, [], Uint8Array.of(zero)),
    ];
    this.add("QuantizeLinear", [from, ...names], [`${name}.q`]);
    this.add("Clip", [`${name}.q`, "", "top"], [`${name}.q7`]);
    return this.dequantise(`${name}.q7`, name, scale, zero);
  }

  /**
   * A convolution with random weights and biases, one scale a channel.
   * @param exact Scales are powers of two: then floats hold every sum, and all engines round the same numbers.
   */
  convolution(
    input: string,
    shape: readonly number[],
    attributes: NodeSpec["attributes"],
    exact = false,
  ): string {
    const random = this.#random;
    const name = `conv${this.#count++}`;
    const outputs = shape[0]!;
    const length = shape.reduce((product, size) => product * size, 1);
    this.constant(
      `${name}.wq`,
      shape,
      Int8Array.from({ length }, () => random.int(-127, 127)),
    );
    this.constant(
      `${name}.ws`,
      [outputs],
      Float32Array.from({ length: outputs }, () => (exact ? 2 ** -8 : 0.002 + 0.01 * random.unit())),
    );
    this.constant(`${name}.wz`, [outputs], new Int8Array(outputs));
    this.constant(
      `${name}.b`,
      [outputs],
      Float32Array.from({ length: outputs }, () =>
        exact ? random.int(-64, 64) / 64 : 2 * random.unit() - 1,
      ),
    );
    this.add("DequantizeLinear", [`${name}.wq`, `${name}.ws`, `${name}.wz`], [`${name}.w`], { axis: 0 });
    return this.add("Conv", [input, `${name}.w`, `${name}.b`], [name], attributes);
  }

  finish(output: string, step: number, largestByte = 255): Network {
    this.add("Identity", [output], ["result"]);
    return this.model(["result"], step, largestByte);
  }

  model(outputs: readonly string[], step: number, largestByte = 255): Network {
    const [height, width, channels] = this.#shape;
    const input = { name: "image", shape: [1, height, width, channels] };
    const { nodes, initializers } = this;
    return { model: { nodes, initializers, input, outputs }, step, largestByte };
  }
}

const STEP = 0.05;

/** A 7-bit tensor of `channels` channels, the same in every engine: pixels through an exact pointwise convolution. */
/** At least as wide as the largest window: a network whose window does not fit is none. */
function start(random: Random, channels: number, size = random.int(5, 12)) {
  const graph = new Graph(random, size, size + random.int(0, 3), 3);
  const convolution = graph.convolution("pixels", [channels, 3, 1, 1], { kernel_shape: [1, 1] }, true);
  return { graph, tensor: graph.quantise(convolution, 2 ** -4, random.int(30, 90)) };
}

const window = (random: Random) => {
  const kernel = random.pick([1, 3, 3, 5]);
  const pads = [0, 1, 2, 3].map(() => random.int(0, kernel >> 1));
  const stride = random.int(1, 2);
  return { kernel, attributes: { kernel_shape: [kernel, kernel], pads, strides: [stride, stride] } };
};

/** An activation between the convolution and its rounding. */
const activated =
  (op: string, attributes: NodeSpec["attributes"] = {}) =>
  (random: Random) => {
    const { graph, tensor } = start(random, random.int(1, 40));
    return graph.finish(
      graph.quantise(graph.add(op, [tensor], ["activated"], attributes), STEP / 2, 40),
      STEP / 2,
    );
  };

export const networks: Readonly<Record<string, (random: Random) => Network>> = {
  "convolution of pixels": (random) => {
    const graph = new Graph(random, random.int(5, 14), random.int(5, 14), random.int(1, 4));
    const { kernel, attributes } = window(random);
    const convolution = graph.convolution(
      "pixels",
      [random.int(1, 40), graph.channels, kernel, kernel],
      attributes,
    );
    return graph.finish(graph.quantise(convolution, STEP, 64), STEP);
  },
  convolution: (random) => {
    const channels = random.int(1, 40);
    const { graph, tensor } = start(random, channels);
    const { kernel, attributes } = window(random);
    const convolution = graph.convolution(tensor, [random.int(1, 40), channels, kernel, kernel], attributes);
    return graph.finish(graph.quantise(convolution, STEP, 64), STEP);
  },
  "depthwise convolution": (random) => {
    const channels = random.int(1, 40);
    const { graph, tensor } = start(random, channels);
    const { kernel, attributes } = window(random);
    const depthwise = graph.convolution(tensor, [channels, 1, kernel, kernel], {
      ...attributes,
      group: channels,
    });
    return graph.finish(graph.quantise(depthwise, STEP, 64), STEP);
  },
  "convolution as floats, channels last": (random) => {
    const { graph, tensor } = start(random, 24);
    const { kernel, attributes } = window(random);
    const convolution = graph.convolution(tensor, [random.int(1, 40), 24, kernel, kernel], attributes);
    return graph.finish(graph.add("Transpose", [convolution], ["last"], { perm: [0, 2, 3, 1] }), 1e-3);
  },
  "convolution as floats, channels first": (random) => {
    const { graph, tensor } = start(random, 24);
    const convolution = graph.convolution(tensor, [random.int(1, 40), 24, 1, 1], { kernel_shape: [1, 1] });
    return graph.finish(convolution, 1e-3);
  },
  "convolution and ReLU6": (random) => {
    const { graph, tensor } = start(random, 16);
    const convolution = graph.convolution(tensor, [24, 16, 1, 1], { kernel_shape: [1, 1] });
    graph.constant("zero", [], Float32Array.of(0));
    graph.constant("six", [], Float32Array.of(6));
    const clip = graph.add("Clip", [convolution, "zero", "six"], ["clipped"]);
    return graph.finish(graph.quantise(clip, 6 / 127, 0), 6 / 127);
  },
  "residual sum": (random) => {
    const channels = random.int(1, 40);
    const { graph, tensor } = start(random, channels);
    const other = graph.convolution(tensor, [channels, channels, 1, 1], { kernel_shape: [1, 1] });
    const sum = graph.add("Add", [tensor, graph.quantise(other, 0.08, random.int(30, 90))], ["sum"]);
    return graph.finish(graph.quantise(sum, 0.1, 60), 0.1);
  },
  "hard swish": activated("HardSwish"),
  sigmoid: activated("Sigmoid"),
  gelu: activated("Gelu"),
  "leaky ReLU": activated("LeakyRelu", { alpha: 0.1 }),
  "SiLU of two nodes": (random) => {
    const { graph, tensor } = start(random, random.int(1, 40));
    const gate = graph.add("Sigmoid", [tensor], ["gate"]);
    return graph.finish(graph.quantise(graph.add("Mul", [tensor, gate], ["silu"]), STEP, 20), STEP);
  },
  "squeeze and excitation": (random) => {
    const channels = random.int(1, 40);
    const { graph, tensor } = start(random, channels);
    const pooled = graph.quantise(graph.add("GlobalAveragePool", [tensor], ["mean"]), 0.04, 64);
    const gate = graph.quantise(graph.add("Sigmoid", [pooled], ["gate"]), 1 / 127, 0);
    return graph.finish(graph.quantise(graph.add("Mul", [tensor, gate], ["gated"]), STEP, 64), 2 * STEP);
  },
  "max pooling": (random) => {
    const { graph, tensor } = start(random, random.int(1, 40));
    const attributes = { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] };
    return graph.finish(graph.add("MaxPool", [tensor], ["pooled"], attributes), 2 ** -4);
  },
  "average pooling": (random) => {
    const { graph, tensor } = start(random, random.int(1, 40));
    const pooled = graph.add("AveragePool", [tensor], ["pooled"], { kernel_shape: [3, 3], strides: [1, 1] });
    return graph.finish(graph.quantise(pooled, STEP, 64), STEP);
  },
  "concatenation of narrow tensors": (random) => {
    const { graph, tensor } = start(random, 16);
    const parts = Array.from({ length: 3 }, () => {
      const part = graph.convolution(tensor, [8, 16, 1, 1], { kernel_shape: [1, 1] }, true);
      return graph.quantise(part, 2 ** -3, random.int(30, 90));
    });
    const joined = graph.add("Concat", parts, ["joined"], { axis: 1 });
    return graph.finish(graph.quantise(joined, 0.15, 60), 0.15);
  },
  "concatenation of an enlarged tensor": (random) => {
    const { graph, tensor } = start(random, 32);
    graph.constant("scales", [4], Float32Array.of(1, 1, 2, 2));
    const attributes = {
      mode: "nearest",
      coordinate_transformation_mode: "asymmetric",
      nearest_mode: "floor",
    };
    const large = graph.add("Resize", [tensor, "", "scales"], ["large"], attributes);
    const joined = graph.add("Concat", [large, large], ["joined"], { axis: 1 });
    return graph.finish(graph.quantise(joined, 0.07, 60), 0.07);
  },
  "concatenation of parts whose channels fill no block": (random) => {
    const { graph, tensor } = start(random, 16);
    const sizes = [random.int(1, 40), random.int(1, 40), random.int(1, 40)];
    const parts = sizes.map((channels) => {
      const shape = [channels, 16, 1, 1];
      return graph.quantise(graph.convolution(tensor, shape, { kernel_shape: [1, 1] }, true), 2 ** -4, 64);
    });
    const joined = graph.quantise(graph.add("Concat", parts, ["joined"], { axis: 1 }), 2 ** -4, 64);
    const channels = sizes.reduce((sum, size) => sum + size, 0);
    const mixed = graph.convolution(joined, [8, channels, 1, 1], { kernel_shape: [1, 1] });
    return graph.finish(graph.quantise(mixed, STEP, 64), STEP);
  },
  "several outputs, channels last": (random) => {
    const { graph, tensor } = start(random, 16);
    const outputs = ["first", "second"].map((name) => {
      const shape = [random.int(1, 40), 16, 1, 1];
      const head = graph.quantise(graph.convolution(tensor, shape, { kernel_shape: [1, 1] }), STEP, 64);
      return graph.add("Transpose", [head], [name], { perm: [0, 2, 3, 1] });
    });
    return graph.model(outputs, STEP);
  },
  "several outputs that nobody rounds, channels last": (random) => {
    const { graph, tensor } = start(random, 16);
    const outputs = ["first", "second"].map((name) => {
      const shape = [random.int(1, 40), 16, 1, 1];
      const head = graph.convolution(tensor, shape, { kernel_shape: [1, 1] });
      return graph.add("Transpose", [head], [name], { perm: [0, 2, 3, 1] });
    });
    return graph.model(outputs, STEP);
  },
};
