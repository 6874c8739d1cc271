/** How a tensor of the graph lies in memory: a shape, and the distance of neighbours along each dimension. */
export interface View {
  readonly shape: readonly number[];
  /** In elements. */
  readonly strides: readonly number[];
  /** Elements from the start of the buffer. */
  readonly offset: number;
}

export const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple;

/** Channels are padded to this many bytes. */
export const CHANNEL_BLOCK = 16;

/** A picture [1, channels, height, width], stored by rows of pixels of `pixel` elements. */
export function pictureView(channels: number, height: number, width: number, pixel: number): View {
  const strides = [height * width * pixel, 1, width * pixel, pixel];
  return { shape: [1, channels, height, width], strides, offset: 0 };
}

/** Tokens [1, rows, count], stored row by row. */
export function rowsView(shape: readonly number[], stride: number): View {
  const strides = shape.map(() => 1);
  let step = stride;
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis]!;
  }
  return { shape, strides, offset: 0 };
}

export interface Picture {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  /** Elements from one pixel to the next. */
  readonly pixel: number;
}

/** The view as a picture, if its memory is one. A row [1, count] is a picture of one pixel. */
export function asPicture({ shape, strides, offset }: View): Picture | undefined {
  if (offset !== 0 || shape[0] !== 1) return undefined;
  const [, channels = 1, height = 1, width = 1] = shape;
  if (shape.length > 4 || (channels > 1 && strides[1] !== 1)) return undefined;
  const last = shape.length === 4 ? strides[3]! : roundUp(channels, CHANNEL_BLOCK);
  const pixel =
    width === 1 && height === 1 ? roundUp(channels, CHANNEL_BLOCK) : width === 1 ? strides[2]! : last;
  if (height > 1 && strides[2] !== width * pixel) return undefined;
  return { channels, height, width, pixel };
}

/** Permutes dimensions. */
export function transposed({ shape, strides, offset }: View, order: readonly number[]): View {
  return { shape: order.map((axis) => shape[axis]!), strides: order.map((axis) => strides[axis]!), offset };
}

/**
 * The same elements in another shape, without moving them.
 * @param wanted ONNX's convention: 0 copies a dimension, -1 is what remains.
 * @returns undefined where that needs a copy.
 */
export function reshaped({ shape, strides, offset }: View, wanted: readonly number[]): View | undefined {
  const total = shape.reduce((product, size) => product * size, 1);
  const copied = wanted.map((size, axis) => (size === 0 ? shape[axis]! : size));
  const known = copied.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const target = copied.map((size) => (size === -1 ? total / known : size));
  const from = shape.map((size, axis) => ({ size, stride: strides[axis]! })).filter(({ size }) => size !== 1);
  const result = target.map(() => 0);
  let source = 0;
  let axis = 0;
  while (axis < target.length) {
    if (target[axis] === 1) {
      axis++;
      continue;
    }
    // Grow both sides until the products agree; the source's part must be contiguous in itself.
    let [have, want] = [from[source]?.size ?? 0, target[axis]!];
    let [lastSource, lastTarget] = [source, axis];
    while (have !== want) {
      if (have === 0 || lastSource >= from.length || lastTarget >= target.length) return undefined;
      if (have < want) have *= from[++lastSource]?.size ?? 0;
      else want *= target[++lastTarget] ?? Number.POSITIVE_INFINITY;
    }
    for (let i = source; i < lastSource; i++) {
      if (from[i]!.stride !== from[i + 1]!.size * from[i + 1]!.stride) return undefined;
    }
    let stride = from[lastSource]!.stride;
    for (let i = lastTarget; i >= axis; i--) {
      result[i] = stride;
      stride *= target[i]!;
    }
    [source, axis] = [lastSource + 1, lastTarget + 1];
  }
  // Dimensions of size 1 may have any stride; a plausible one keeps later checks simple.
  for (let i = target.length - 1; i >= 0; i--) {
    if (target[i] === 1) result[i] = i + 1 < target.length ? target[i + 1]! * result[i + 1]! : 1;
  }
  return { shape: target, strides: result, offset };
}

/** One range of one dimension. */
export function sliced({ shape, strides, offset }: View, axis: number, start: number, end: number): View {
  return {
    shape: shape.map((size, i) => (i === axis ? end - start : size)),
    strides,
    offset: offset + start * strides[axis]!,
  };
}

/** Leaves a dimension of size 1 out. */
export function squeezed({ shape, strides, offset }: View, axis: number): View {
  return { shape: shape.filter((_, i) => i !== axis), strides: strides.filter((_, i) => i !== axis), offset };
}

export const sameLayout = (a: View, b: View): boolean =>
  a.offset === b.offset &&
  a.shape.length === b.shape.length &&
  a.shape.every((size, i) => size === b.shape[i] && (size === 1 || a.strides[i] === b.strides[i]));
