/** Operators that only look at the same memory in another way. */
import { constantNumbers } from "./lower-quantisation.ts";
import { type Lowering, Unsupported } from "./lowering.ts";
import { listAttribute, numberAttribute, type OnnxNode } from "./onnx-graph.ts";
import type { Bytes, Floats, Lazy, Value } from "./values.ts";
import {
  pictureView,
  reshaped,
  rowsView,
  sameLayout,
  sliced,
  squeezed,
  transposed,
  type View,
} from "./view.ts";

/** The value under another view; real numbers not stored yet get it when they are. */
function viewed(value: Value, change: (view: View) => View | undefined): Value {
  if (value.kind === "bytes") {
    const view = change(value.view);
    if (!view) throw new Unsupported("its result would need a copy in memory");
    const { origin, table: _, ...rest } = value;
    return { ...rest, view, ...(origin && { origin: viewed(origin, change) as Lazy }) };
  }
  if (value.kind === "floats") return viewedFloats(value, change);
  if (value.kind === "lazy") {
    const { shape } = contiguous(value.shape, change);
    return {
      kind: "lazy",
      shape,
      toBytes: (quantisation) => viewed(value.toBytes(quantisation), change) as Bytes,
      toFloats: () => viewedFloats(value.toFloats(), change),
    };
  }
  throw new Unsupported("a constant that should have been folded");
}

function contiguous(shape: readonly number[], change: (view: View) => View | undefined): View {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const view = change({ shape, strides, offset: 0 });
  if (!view) throw new Unsupported("its result would need a copy in memory");
  return view;
}

/** Floats keep their rows; only shapes that leave rows alone work, and pixels that get their channels last. */
function viewedFloats(value: Floats, change: (view: View) => View | undefined): Floats {
  const { shape } = contiguous(value.shape, change);
  const last = shape.at(-1) ?? 1;
  if (value.rows === 1) return { ...value, shape, channelsFirst: false };
  if (value.channelsFirst) {
    const [, channels = 1, height = 1, width = 1] = value.shape;
    const view = change(pictureView(channels, height, width, value.stride));
    if (!view || last !== value.count || !sameLayout(view, rowsView(shape, value.stride))) {
      throw new Unsupported("floats whose channels come first become another layout than rows of channels");
    }
    return { ...value, shape, channelsFirst: false };
  }
  if (last !== value.count) throw new Unsupported("floats change their rows");
  return { ...value, shape };
}

export function reshape(lowering: Lowering, node: OnnxNode): Value {
  const shape = constantNumbers(lowering, node, 1);
  return viewed(lowering.input(node, 0), (view) => reshaped(view, shape));
}

export function flatten(lowering: Lowering, node: OnnxNode): Value {
  const axis = numberAttribute(node, "axis", 1);
  return viewed(lowering.input(node, 0), (view) => {
    const product = (sizes: readonly number[]) => sizes.reduce((total, size) => total * size, 1);
    return reshaped(view, [product(view.shape.slice(0, axis)), product(view.shape.slice(axis))]);
  });
}

export function transpose(lowering: Lowering, node: OnnxNode): Value {
  const order = listAttribute(node, "perm", []);
  return viewed(lowering.input(node, 0), (view) => transposed(view, order));
}

function axesOf(lowering: Lowering, node: OnnxNode): readonly number[] {
  return node.inputs[1] ? constantNumbers(lowering, node, 1) : listAttribute(node, "axes", []);
}

export function squeeze(lowering: Lowering, node: OnnxNode): Value {
  const axes = axesOf(lowering, node);
  return viewed(lowering.input(node, 0), (view) => {
    const dropped = axes.map((axis) => (axis < 0 ? axis + view.shape.length : axis));
    return reshaped(
      view,
      view.shape.filter((_, axis) => !dropped.includes(axis)),
    );
  });
}

export function unsqueeze(lowering: Lowering, node: OnnxNode): Value {
  const axes = axesOf(lowering, node);
  return viewed(lowering.input(node, 0), (view) => {
    const shape = [...view.shape];
    for (const axis of [...axes].sort((a, b) => a - b))
      shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
    return reshaped(view, shape);
  });
}

/** `Gather` of one constant index: one slice. */
export function gather(lowering: Lowering, node: OnnxNode): Value {
  const indices = constantNumbers(lowering, node, 1);
  const axis = numberAttribute(node, "axis", 0);
  if (indices.length !== 1) throw new Unsupported("only one index");
  return viewed(lowering.input(node, 0), (view) => {
    const index = indices[0]! < 0 ? indices[0]! + view.shape[axis]! : indices[0]!;
    return squeezed(sliced(view, axis, index, index + 1), axis);
  });
}

export function slice(lowering: Lowering, node: OnnxNode): Value {
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((index) =>
    node.inputs[index] ? constantNumbers(lowering, node, index) : undefined,
  );
  if (steps?.some((step) => step !== 1)) throw new Unsupported("slices with steps");
  return viewed(lowering.input(node, 0), (view) =>
    starts!.reduce((result, start, i) => {
      const axis = axes?.[i] ?? i;
      const size = view.shape[axis]!;
      const place = (index: number) => Math.min(Math.max(index < 0 ? index + size : index, 0), size);
      return sliced(result, axis, place(start), place(ends![i]!));
    }, view),
  );
}

/** @returns a value for each output. */
export function split(lowering: Lowering, node: OnnxNode): Value[] {
  const value = lowering.input(node, 0);
  const shape = value.kind === "bytes" ? value.view.shape : value.shape;
  const axis = numberAttribute(node, "axis", 0);
  const along = axis < 0 ? axis + shape.length : axis;
  const parts = node.inputs[1]
    ? constantNumbers(lowering, node, 1)
    : node.outputs.map(() => shape[along]! / node.outputs.length);
  let start = 0;
  return parts.map((length) => {
    const from = start;
    start += length;
    return viewed(value, (view) => sliced(view, along, from, from + length));
  });
}
