/**
 * The instruction format that the compiler writes and the kernels read: an instruction is a record of 32-bit words,
 * the operation first, its length in words second. TypeScript and AssemblyScript both compile this file.
 *
 * Addresses are bytes in linear memory. Tensors of bytes are NHWC with channels padded to 16; a row is one pixel.
 */

/** First word of an instruction. */
export enum Op {
  Gemm = 1,
  Convolution = 2,
  Depthwise = 3,
  Add = 4,
  Table = 5,
  AveragePool = 6,
  MaxPool = 7,
  Resize = 8,
  Copy = 9,
  ScaleChannels = 10,
  Quantise = 11,
  Dequantise = 12,
  LayerNorm = 13,
  Linear = 14,
  UnitLength = 15,
  Softmax = 16,
  PackActivations = 17,
}

/** How 32-bit sums become the output's elements. */
export enum Store {
  /** Bytes: clamp(round(sum × scale) + zero, low, high). */
  Byte = 0,
  /** 32-bit floats: sum × scale. */
  Float = 1,
}

/** Words of `Op.Gemm`: output[rows × columns] = input[rows × depth] · weights. */
export enum Gemm {
  Input = 2,
  /** Bytes from one row of the input to the next. */
  InputStride = 3,
  Rows = 4,
  /** Sum length, a multiple of 8. */
  Depth = 5,
  /** Outputs of a row, a multiple of 8. */
  Columns = 6,
  /** Packed int8: [columns/8][depth/8][2 groups][2 steps][4 columns × 4 depth]. */
  Weights = 7,
  /** 32-bit integers, one a column: the sums start from them. */
  Bias = 8,
  /** 32-bit floats, one a column. */
  Scale = 9,
  Output = 10,
  /** Bytes from one row of the output to the next. */
  OutputStride = 11,
  Zero = 12,
  Low = 13,
  High = 14,
  Store = 15,
  /** 1 when input bytes use all 8 bits: the 16-bit kernel multiplies them exactly. */
  FullRange = 16,
  /** Repetitions for batched products, and how far each operand moves (bytes). */
  Batch = 17,
  InputStep = 18,
  WeightsStep = 19,
  OutputStep = 20,
  /** Bytes that the bias moves with each repetition. */
  BiasStep = 21,
  Length = 22,
}

/** Words of `Op.Convolution` after those of `Op.Gemm`; `Rows` is output pixels, `Input` the picture. */
export enum Convolution {
  InputHeight = 22,
  InputWidth = 23,
  /** Bytes of one input pixel: padded channels, or 3 for a picture. */
  PixelBytes = 24,
  KernelHeight = 25,
  KernelWidth = 26,
  Stride = 27,
  PadTop = 28,
  PadLeft = 29,
  OutputWidth = 30,
  /** Byte that stands for zero outside the picture. */
  Padding = 31,
  Dilation = 32,
  Length = 33,
}

export enum Depthwise {
  Input = 2,
  InputHeight = 3,
  InputWidth = 4,
  /** A multiple of 16. */
  Channels = 5,
  KernelHeight = 6,
  KernelWidth = 7,
  Stride = 8,
  PadTop = 9,
  PadLeft = 10,
  OutputHeight = 11,
  OutputWidth = 12,
  Padding = 13,
  /** Packed int8: [channels/16][taps/4][16 channels × 4 taps]. */
  Weights = 14,
  Bias = 15,
  Scale = 16,
  Output = 17,
  Zero = 18,
  Low = 19,
  High = 20,
  /** Room for `KernelHeight` padded input rows and `taps` pointers. */
  Scratch = 21,
  Dilation = 22,
  Length = 23,
}

/** output = clamp(round(a × ScaleA + b × ScaleB + Offset), low, high), bytes. */
export enum Add {
  A = 2,
  B = 3,
  Bytes = 4,
  ScaleA = 5,
  ScaleB = 6,
  Offset = 7,
  Output = 8,
  Low = 9,
  High = 10,
  Length = 11,
}

/** output byte = table[input byte]. */
export enum Table {
  Input = 2,
  Bytes = 3,
  /** 256 bytes. */
  Entries = 4,
  Output = 5,
  Length = 6,
}

/** Windows of a pooling. Global pooling is a window as large as the picture. */
export enum Pool {
  Input = 2,
  InputHeight = 3,
  InputWidth = 4,
  Channels = 5,
  KernelHeight = 6,
  KernelWidth = 7,
  Stride = 8,
  PadTop = 9,
  PadLeft = 10,
  OutputHeight = 11,
  OutputWidth = 12,
  Output = 13,
  /** Average only: subtracted from each byte. */
  InputZero = 14,
  /** Average only: scale that one summed element gets, divided by the window's elements. */
  Scale = 15,
  Zero = 16,
  Low = 17,
  High = 18,
  Store = 19,
  Length = 20,
}

/** Nearest-neighbour enlargement by whole factors. */
export enum Resize {
  Input = 2,
  InputHeight = 3,
  InputWidth = 4,
  Channels = 5,
  Factor = 6,
  Output = 7,
  Length = 8,
}

/** Rows of bytes from one stride to another: concatenation, slices, reordering. */
export enum Copy {
  Input = 2,
  InputStride = 3,
  Output = 4,
  OutputStride = 5,
  Rows = 6,
  Bytes = 7,
  Length = 8,
}

/** output = clamp(round((a − ZeroA) × (gate − ZeroB) × Scale) + Zero): squeeze-and-excitation. */
export enum ScaleChannels {
  Input = 2,
  Pixels = 3,
  Channels = 4,
  Gate = 5,
  InputZero = 6,
  GateZero = 7,
  Scale = 8,
  Output = 9,
  Zero = 10,
  Low = 11,
  High = 12,
  Length = 13,
}

/** Between bytes and floats, row by row: a row is `Count` elements. */
export enum Convert {
  Input = 2,
  InputStride = 3,
  Output = 4,
  OutputStride = 5,
  Rows = 6,
  Count = 7,
  /** To bytes: 1/scale. To floats: scale. */
  Scale = 8,
  Zero = 9,
  Low = 10,
  High = 11,
  Length = 12,
}

/** Floats, row by row. */
export enum LayerNorm {
  Input = 2,
  Rows = 3,
  Count = 4,
  Gain = 5,
  Bias = 6,
  Epsilon = 7,
  Output = 8,
  Length = 9,
}

/** Floats × int8: output[rows × columns] = (input[rows × depth] · weights) × scale + bias. */
export enum Linear {
  Input = 2,
  Rows = 3,
  Depth = 4,
  /** A multiple of 16. */
  Columns = 5,
  /** int8: [columns/16][depth][16]. */
  Weights = 6,
  Scale = 7,
  Bias = 8,
  Output = 9,
  Length = 10,
}

/** output = input ÷ max(‖input‖₂, smallest), row by row. */
export enum UnitLength {
  Input = 2,
  Rows = 3,
  Count = 4,
  Smallest = 5,
  Output = 6,
  Length = 7,
}

/** Rows of floats to bytes of scale 1/127 (or another) through softmax(input × Scale). */
export enum Softmax {
  Input = 2,
  InputStride = 3,
  Rows = 4,
  Count = 5,
  Output = 6,
  OutputStride = 7,
  /** 1 / scale of the output. */
  Scale = 8,
  High = 9,
  Length = 10,
}

/** Packs activations as the weights of a `Gemm`: byte − Zero becomes int8. */
export enum PackActivations {
  Input = 2,
  /** Bytes from one sum index to the next, and from one column to the next. */
  DepthStride = 3,
  ColumnStride = 4,
  Depth = 5,
  Columns = 6,
  Zero = 7,
  /** The other operand's zero point; bias of a column becomes −OtherZero × Σ weights. */
  OtherZero = 8,
  Weights = 9,
  Bias = 10,
  Batch = 11,
  InputStep = 12,
  WeightsStep = 13,
  BiasStep = 14,
  Length = 15,
}
