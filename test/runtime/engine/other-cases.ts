/** Random instructions of every kind that is no product. */
import {
  Add,
  Convert,
  Copy,
  LayerNorm,
  Linear,
  Op,
  PackActivations,
  Pool,
  Resize,
  ScaleChannels,
  Softmax,
  Store,
  Table,
  UnitLength,
} from "../../../src/runtime/engine/program/fields.ts";
import type { Laid, Layout } from "./layout.ts";
import { randomRange, randomWindow } from "./product-cases.ts";
import type { Random } from "./random.ts";

export function addCase(layout: Layout, random: Random): Laid {
  const bytes = 16 * random.int(1, 60);
  const { low, high } = randomRange(random);
  return layout.instruction(Op.Add, Add.Length, {
    [Add.A]: layout.place(bytes, "eightBits"),
    [Add.B]: layout.place(bytes, "eightBits"),
    [Add.Bytes]: bytes,
    [Add.ScaleA]: { real: 3 * random.unit() },
    [Add.ScaleB]: { real: 3 * random.unit() },
    [Add.Offset]: { real: 300 * (random.unit() - 0.5) },
    [Add.Output]: layout.place(bytes, "nothing"),
    [Add.Low]: low,
    [Add.High]: high,
  });
}

export function tableCase(layout: Layout, random: Random): Laid {
  const bytes = 16 * random.int(1, 60);
  return layout.instruction(Op.Table, Table.Length, {
    [Table.Input]: layout.place(bytes, "eightBits"),
    [Table.Bytes]: bytes,
    [Table.Entries]: layout.place(256, "eightBits"),
    [Table.Output]: layout.place(bytes, "nothing"),
  });
}

const poolCase =
  (op: Op.AveragePool | Op.MaxPool) =>
  (layout: Layout, random: Random): Laid => {
    const window = randomWindow(random, [1]);
    const channels = 16 * random.int(1, 4);
    const floats = op === Op.AveragePool && random.chance(0.3);
    const { zero, low, high } = randomRange(random);
    const elements = window.outputHeight * window.outputWidth * channels;
    return layout.instruction(op, Pool.Length, {
      [Pool.Input]: layout.place(window.height * window.width * channels, "eightBits"),
      [Pool.InputHeight]: window.height,
      [Pool.InputWidth]: window.width,
      [Pool.Channels]: channels,
      [Pool.KernelHeight]: window.kernelHeight,
      [Pool.KernelWidth]: window.kernelWidth,
      [Pool.Stride]: window.stride,
      [Pool.PadTop]: window.padTop,
      [Pool.PadLeft]: window.padLeft,
      [Pool.OutputHeight]: window.outputHeight,
      [Pool.OutputWidth]: window.outputWidth,
      [Pool.Output]: layout.place(elements * (floats ? 4 : 1), "nothing"),
      [Pool.InputZero]: random.int(0, 127),
      [Pool.Scale]: { real: 2 * random.unit() },
      [Pool.Zero]: zero,
      [Pool.Low]: low,
      [Pool.High]: high,
      [Pool.Store]: floats ? Store.Float : Store.Byte,
    });
  };
export const averagePoolCase = poolCase(Op.AveragePool);
export const maxPoolCase = poolCase(Op.MaxPool);

export function resizeCase(layout: Layout, random: Random): Laid {
  const [height, width, factor] = [random.int(1, 9), random.int(1, 9), random.int(1, 3)];
  const channels = 16 * random.int(1, 4);
  return layout.instruction(Op.Resize, Resize.Length, {
    [Resize.Input]: layout.place(height * width * channels, "eightBits"),
    [Resize.InputHeight]: height,
    [Resize.InputWidth]: width,
    [Resize.Channels]: channels,
    [Resize.Factor]: factor,
    [Resize.Output]: layout.place(height * width * channels * factor * factor, "nothing"),
  });
}

export function copyCase(layout: Layout, random: Random): Laid {
  const [rows, bytes] = [random.int(1, 20), random.int(1, 80)];
  const [inputStride, outputStride] = [bytes + random.int(0, 40), bytes + random.int(0, 40)];
  return layout.instruction(Op.Copy, Copy.Length, {
    [Copy.Input]: layout.place(rows * inputStride, "eightBits"),
    [Copy.InputStride]: inputStride,
    [Copy.Output]: layout.place(rows * outputStride, "nothing"),
    [Copy.OutputStride]: outputStride,
    [Copy.Rows]: rows,
    [Copy.Bytes]: bytes,
  });
}

export function scaleChannelsCase(layout: Layout, random: Random): Laid {
  const [pixels, channels] = [random.int(1, 20), 16 * random.int(1, 4)];
  const { zero, low, high } = randomRange(random);
  return layout.instruction(Op.ScaleChannels, ScaleChannels.Length, {
    [ScaleChannels.Input]: layout.place(pixels * channels, "eightBits"),
    [ScaleChannels.Pixels]: pixels,
    [ScaleChannels.Channels]: channels,
    [ScaleChannels.Gate]: layout.place(channels, "eightBits"),
    [ScaleChannels.InputZero]: random.int(0, 255),
    [ScaleChannels.GateZero]: random.int(0, 255),
    [ScaleChannels.Scale]: { real: 0.05 * random.unit() },
    [ScaleChannels.Output]: layout.place(pixels * channels, "nothing"),
    [ScaleChannels.Zero]: zero,
    [ScaleChannels.Low]: low,
    [ScaleChannels.High]: high,
  });
}

const convertCase =
  (op: Op.Quantise | Op.Dequantise) =>
  (layout: Layout, random: Random): Laid => {
    const [rows, count] = [random.int(1, 8), random.int(1, 70)];
    const [bytes, floats] = [count + random.int(0, 20), 4 * (count + random.int(0, 4))];
    const quantising = op === Op.Quantise;
    const { zero, low, high } = randomRange(random);
    return layout.instruction(op, Convert.Length, {
      [Convert.Input]: quantising
        ? layout.place(rows * floats, "float")
        : layout.place(rows * bytes, "eightBits"),
      [Convert.InputStride]: quantising ? floats : bytes,
      [Convert.Output]: layout.place(rows * (quantising ? bytes : floats), "nothing"),
      [Convert.OutputStride]: quantising ? bytes : floats,
      [Convert.Rows]: rows,
      [Convert.Count]: count,
      [Convert.Scale]: { real: (quantising ? 60 : 0.2) * random.unit() },
      [Convert.Zero]: zero,
      [Convert.Low]: low,
      [Convert.High]: high,
    });
  };
export const quantiseCase = convertCase(Op.Quantise);
export const dequantiseCase = convertCase(Op.Dequantise);

export function layerNormCase(layout: Layout, random: Random): Laid {
  const [rows, count] = [random.int(1, 5), random.int(1, 90)];
  return layout.instruction(Op.LayerNorm, LayerNorm.Length, {
    [LayerNorm.Input]: layout.place(4 * rows * count, "float"),
    [LayerNorm.Rows]: rows,
    [LayerNorm.Count]: count,
    [LayerNorm.Gain]: layout.place(4 * count, "float"),
    [LayerNorm.Bias]: layout.place(4 * count, "float"),
    [LayerNorm.Epsilon]: { real: 1e-5 },
    [LayerNorm.Output]: layout.place(4 * rows * count, "nothing"),
  });
}

export function linearCase(layout: Layout, random: Random): Laid {
  const [rows, depth, columns] = [random.int(1, 3), random.int(1, 90), 16 * random.int(1, 4)];
  return layout.instruction(Op.Linear, Linear.Length, {
    [Linear.Input]: layout.place(4 * rows * depth, "float"),
    [Linear.Rows]: rows,
    [Linear.Depth]: depth,
    [Linear.Columns]: columns,
    [Linear.Weights]: layout.place(depth * columns, "extremeWeights"),
    [Linear.Scale]: layout.place(4 * columns, "scale"),
    [Linear.Bias]: layout.place(4 * columns, "float"),
    [Linear.Output]: layout.place(4 * rows * columns, "nothing"),
  });
}

export function unitLengthCase(layout: Layout, random: Random): Laid {
  const [rows, count] = [random.int(1, 5), random.int(1, 90)];
  return layout.instruction(Op.UnitLength, UnitLength.Length, {
    [UnitLength.Input]: layout.place(4 * rows * count, "float"),
    [UnitLength.Rows]: rows,
    [UnitLength.Count]: count,
    [UnitLength.Smallest]: { real: 1e-12 },
    [UnitLength.Output]: layout.place(4 * rows * count, "nothing"),
  });
}

export function softmaxCase(layout: Layout, random: Random): Laid {
  const [rows, count] = [random.int(1, 6), random.int(1, 90)];
  const stride = Math.ceil(count / 16) * 16;
  return layout.instruction(Op.Softmax, Softmax.Length, {
    [Softmax.Input]: layout.scratch(4 * rows * stride, "float"),
    [Softmax.InputStride]: 4 * stride,
    [Softmax.Rows]: rows,
    [Softmax.Count]: count,
    [Softmax.Output]: layout.place(rows * stride, "nothing"),
    [Softmax.OutputStride]: stride,
    [Softmax.Scale]: { real: random.int(20, 500) },
    [Softmax.High]: random.pick([127, 255]),
  });
}

export function packActivationsCase(layout: Layout, random: Random): Laid {
  const [depth, columns, batch] = [random.int(1, 40), random.int(1, 40), random.int(1, 3)];
  const [paddedDepth, paddedColumns] = [Math.ceil(depth / 8) * 8, Math.ceil(columns / 8) * 8];
  const byColumn = random.chance(0.5);
  return layout.instruction(Op.PackActivations, PackActivations.Length, {
    [PackActivations.Input]: layout.place(batch * depth * columns, "sevenBits"),
    [PackActivations.DepthStride]: byColumn ? 1 : columns,
    [PackActivations.ColumnStride]: byColumn ? depth : 1,
    [PackActivations.Depth]: depth,
    [PackActivations.Columns]: columns,
    [PackActivations.Zero]: random.int(0, 127),
    [PackActivations.OtherZero]: random.int(0, 127),
    [PackActivations.Weights]: layout.place(batch * paddedDepth * paddedColumns, "nothing"),
    [PackActivations.Bias]: layout.place(4 * batch * paddedColumns, "nothing"),
    [PackActivations.Batch]: batch,
    [PackActivations.InputStep]: depth * columns,
    [PackActivations.WeightsStep]: paddedDepth * paddedColumns,
    [PackActivations.BiasStep]: 4 * paddedColumns,
  });
}
