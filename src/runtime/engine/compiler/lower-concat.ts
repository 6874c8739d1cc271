/** Concatenation: of pictures along channels, of tokens along rows. */
import { Copy, Op } from "../program/fields.ts";
import { constantBytes } from "./lower-elementwise.ts";
import { pictureOf } from "./lower-pool.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { numberAttribute, type OnnxNode } from "./onnx-graph.ts";
import { type Quantisation, sameSteps } from "./quantisation.ts";
import { type Bytes, type Lazy, realNumbers } from "./values.ts";
import { CHANNEL_BLOCK, pictureView, roundUp, rowsView } from "./view.ts";

export function concat(lowering: Lowering, node: OnnxNode): Lazy {
  const parts = node.inputs.map((_, index) => partOf(lowering, node, index));
  const rank = parts[0]!.view.shape.length;
  const axis = numberAttribute(node, "axis", 1);
  const along = axis < 0 ? axis + rank : axis;
  if (rank === 4 && along === 1) return channels(lowering, node, parts);
  if (rank === 3 && along === 1) return rows(lowering, node, parts);
  throw new Unsupported("only concatenation of pictures along channels, or of tokens along rows");
}

/** A part in bytes; a constant one in bytes of its own range. */
function partOf(lowering: Lowering, node: OnnxNode, index: number): Bytes {
  const value = lowering.input(node, index);
  if (value.kind !== "weights" && value.kind !== "constant") return lowering.bytes(node, index);
  const stride = roundUp(value.shape.at(-1) ?? 1, CHANNEL_BLOCK);
  const size = (realNumbers(value).length / (value.shape.at(-1) ?? 1)) * stride;
  return constantBytes(lowering, { view: rowsView(value.shape, stride), size }, realNumbers(value));
}

const brought = (lowering: Lowering, node: OnnxNode, part: Bytes, output: Quantisation) =>
  sameSteps(part.quantisation, output) ? part : lowering.quantised(part, output, node.name);

function notFloats(): never {
  throw new Unsupported("a concatenation is needed as floats: quantise it");
}

function channels(lowering: Lowering, node: OnnxNode, parts: readonly Bytes[]): Lazy {
  const pictures = parts.map(pictureOf);
  const [{ height, width } = { height: 0, width: 0 }] = pictures;
  const total = pictures.reduce((sum, picture) => sum + picture.channels, 0);
  const pixel = roundUp(total, CHANNEL_BLOCK);
  const view = pictureView(total, height, width, pixel);
  const toBytes = (output: Quantisation) => {
    const ready = parts.map((part) => brought(lowering, node, part, output));
    return lowering.bytesOf(view, height * width * pixel, output, (to) => {
      let offset = 0;
      for (const [index, part] of ready.entries()) {
        // Padding may be copied only where it does not cover the next pixel.
        const { channels, pixel: stride } = pictures[index]!;
        const bytes = offset + stride <= pixel && index === ready.length - 1 ? stride : channels;
        lowering.builder.emit(node.name, Op.Copy, Copy.Length, {
          [Copy.Input]: part.buffer(),
          [Copy.InputStride]: stride,
          [Copy.Output]: { buffer: to, offset },
          [Copy.OutputStride]: pixel,
          [Copy.Rows]: height * width,
          [Copy.Bytes]: bytes,
        });
        offset += channels;
      }
    });
  };
  return { kind: "lazy", shape: view.shape, toBytes, toFloats: notFloats };
}

function rows(lowering: Lowering, node: OnnxNode, parts: readonly Bytes[]): Lazy {
  const count = parts[0]!.view.shape[2]!;
  const stride = roundUp(count, CHANNEL_BLOCK);
  const lengths = parts.map(({ view }) => view.shape[1]!);
  if (parts.some(({ view }) => view.strides[2] !== 1 || (view.shape[1]! > 1 && view.strides[1] !== stride))) {
    throw new Unsupported("its parts' rows are not laid out one by one");
  }
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const shape = [1, total, count];
  const toBytes = (output: Quantisation) => {
    const ready = parts.map((part) => brought(lowering, node, part, output));
    return lowering.bytesOf(rowsView(shape, stride), total * stride, output, (to) => {
      let offset = 0;
      for (const [index, part] of ready.entries()) {
        lowering.builder.emit(node.name, Op.Copy, Copy.Length, {
          [Copy.Input]: { buffer: part.buffer(), offset: part.view.offset },
          [Copy.InputStride]: stride,
          [Copy.Output]: { buffer: to, offset },
          [Copy.OutputStride]: stride,
          [Copy.Rows]: lengths[index]!,
          [Copy.Bytes]: stride,
        });
        offset += lengths[index]! * stride;
      }
    });
  };
  return { kind: "lazy", shape, toBytes, toFloats: notFloats };
}
