/** What the compiler knows while it walks the graph, and what all operators' lowerings share. */
import { Convert, Op, Table } from "../program/fields.ts";
import type { OnnxGraph, OnnxNode } from "./onnx-graph.ts";
import { type Buffer, ProgramBuilder } from "./program-builder.ts";
import { type Quantisation, sameSteps, toByte } from "./quantisation.ts";
import type { Bytes, Floats, Lazy, Value } from "./values.ts";
import { asPicture, type View } from "./view.ts";

/** Why a node cannot run on the engine. */
export interface Refusal {
  readonly node: string;
  readonly op: string;
  readonly reason: string;
}

/** Thrown by a lowering; the compiler collects it. */
export class Unsupported extends Error {
  override readonly name = "Unsupported";
}

export class Lowering {
  readonly builder = new ProgramBuilder();
  readonly values = new Map<string, Value>();
  /** Names of bytes between `QuantizeLinear` and `DequantizeLinear`. */
  readonly rounded = new Set<string>();
  readonly #consumers = new Map<string, OnnxNode[]>();

  constructor(graph: OnnxGraph) {
    for (const node of graph.nodes) {
      for (const input of node.inputs) {
        const list = this.#consumers.get(input);
        if (list) list.push(node);
        else this.#consumers.set(input, [node]);
      }
    }
  }

  consumers(name: string): readonly OnnxNode[] {
    return this.#consumers.get(name) ?? [];
  }

  /** @throws {Unsupported} when the input has no value: its producer was refused. */
  input(node: OnnxNode, index: number): Value {
    const value = this.values.get(node.inputs[index] ?? "");
    if (!value) throw new Unsupported(`its input "${node.inputs[index]}" is not available`);
    return value;
  }

  /** @throws {Unsupported} when the input is not stored as bytes. */
  bytes(node: OnnxNode, index: number): Bytes {
    const value = this.input(node, index);
    if (value.kind !== "bytes") {
      throw new Unsupported(
        `its input "${node.inputs[index]}" is not quantised (no QuantizeLinear and DequantizeLinear)`,
      );
    }
    return value;
  }

  /** Bytes that `emit` writes as soon as somebody needs them. */
  bytesOf(view: View, bytes: number, quantisation: Quantisation, emit: (to: Buffer) => void): Bytes {
    return { kind: "bytes", view, quantisation, size: bytes, buffer: once(this.builder.tensor(bytes), emit) };
  }

  floatsOf(spec: Omit<Floats, "kind" | "buffer">, emit: (to: Buffer) => void): Floats {
    return { kind: "floats", ...spec, buffer: once(this.builder.tensor(4 * spec.rows * spec.stride), emit) };
  }

  /** Any value as floats. */
  floats(value: Value, name: string): Floats {
    if (value.kind === "floats") return value;
    if (value.kind === "lazy") return value.toFloats();
    if (value.kind === "bytes") return this.#dequantised(value, name);
    throw new Unsupported("a constant where a computed tensor is expected");
  }

  #dequantised(value: Bytes, name: string): Floats {
    const picture = asPicture(value.view);
    const { shape, strides } = value.view;
    const last = shape.length - 1;
    const channelsFirst = picture !== undefined && shape.length === 4;
    if (!channelsFirst && strides[last] !== 1)
      throw new Unsupported("its input's layout does not become floats");
    const count = channelsFirst ? picture.channels : shape[last]!;
    const rows = shape.reduce((product, size) => product * size, 1) / count;
    const inputStride = channelsFirst ? picture.pixel : rows === 1 ? count : strides[last - 1]!;
    return this.floatsOf({ shape, rows, count, stride: count, channelsFirst }, (to) => {
      this.builder.emit(name, Op.Dequantise, Convert.Length, {
        [Convert.Input]: { buffer: value.buffer(), offset: value.view.offset },
        [Convert.InputStride]: inputStride,
        [Convert.Output]: to,
        [Convert.OutputStride]: 4 * count,
        [Convert.Rows]: rows,
        [Convert.Count]: count,
        [Convert.Scale]: { real: value.quantisation.scale },
        [Convert.Zero]: value.quantisation.zero,
      });
    });
  }

  /** Any computed value in bytes of a quantisation. */
  quantised(value: Value, quantisation: Quantisation, name: string): Bytes {
    if (value.kind === "lazy") return { ...value.toBytes(quantisation), origin: value };
    if (value.kind === "floats") {
      const toBytes = (wanted: Quantisation) => this.#rounded(value, wanted, name);
      const origin: Lazy = { kind: "lazy", shape: value.shape, toBytes, toFloats: () => value };
      return { ...toBytes(quantisation), origin };
    }
    if (value.kind !== "bytes") throw new Unsupported("a constant is quantised in the graph; fold it first");
    const { low, high } = value.quantisation;
    const within = low >= quantisation.low && high <= quantisation.high;
    if (sameSteps(value.declared ?? value.quantisation, quantisation) && within) return value;
    const origin = this.tableLazy({ source: value, value: (x) => x }, name);
    return { ...origin.toBytes(quantisation), origin };
  }

  #rounded(value: Floats, quantisation: Quantisation, name: string): Bytes {
    const stride = Math.ceil(value.count / 16) * 16;
    const view: View = {
      shape: value.shape,
      strides: value.shape.map((_, axis) =>
        axis === value.shape.length - 1
          ? 1
          : stride * value.shape.slice(axis + 1, -1).reduce((product, size) => product * size, 1),
      ),
      offset: 0,
    };
    if (value.channelsFirst) throw new Unsupported("a picture of floats is quantised");
    return this.bytesOf(view, value.rows * stride, quantisation, (to) => {
      this.builder.emit(name, Op.Quantise, Convert.Length, {
        [Convert.Input]: value.buffer(),
        [Convert.InputStride]: 4 * value.stride,
        [Convert.Output]: to,
        [Convert.OutputStride]: stride,
        [Convert.Rows]: value.rows,
        [Convert.Count]: value.count,
        [Convert.Scale]: { real: 1 / quantisation.scale },
        [Convert.Zero]: quantisation.zero,
        [Convert.Low]: quantisation.low,
        [Convert.High]: quantisation.high,
      });
    });
  }

  /** A function of one byte at a time: 256 entries, computed here in double precision. */
  tableLazy(table: NonNullable<Lazy["table"]>, name: string): Lazy {
    const { source, value } = table;
    const toBytes = (quantisation: Quantisation): Bytes => {
      const { scale, zero } = source.quantisation;
      const entries = Uint8Array.from({ length: 256 }, (_, byte) =>
        toByte(value(Math.fround(scale) * (byte - zero)), quantisation),
      );
      // Whole buffers: the padding between pixels goes through the table too.
      const bytes = this.bytesOf(source.view, source.size, quantisation, (to) => {
        this.builder.emit(name, Op.Table, Table.Length, {
          [Table.Input]: source.buffer(),
          [Table.Bytes]: source.size,
          [Table.Entries]: this.builder.constant(entries),
          [Table.Output]: to,
        });
      });
      const rounded = (x: number) =>
        (toByte(value(x), quantisation) - quantisation.zero) * quantisation.scale;
      return { ...bytes, table: { source, value: rounded } };
    };
    return {
      kind: "lazy",
      shape: source.view.shape,
      table,
      toBytes,
      toFloats: () => {
        throw new Unsupported("an activation's result is needed as floats: quantise it");
      },
      clamped: (min, max) =>
        this.tableLazy({ source, value: (x) => Math.min(Math.max(value(x), min), max) }, name),
    };
  }
}

function once(buffer: Buffer, emit: (to: Buffer) => void): () => Buffer {
  let emitted = false;
  return () => {
    if (!emitted) {
      emitted = true;
      emit(buffer);
    }
    return buffer;
  };
}
