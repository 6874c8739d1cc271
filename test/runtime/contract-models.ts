/** The models that the contract asks a runtime to load, in the forms that runtimes take. */
import { compile } from "../../src/runtime/engine/compiler/compile.ts";
import type { Tensor, Tensors } from "../../src/runtime/tensor.ts";
import {
  arithmetic,
  encoder,
  encoderImage,
  encoderPixels,
  encoderReference,
  type Fixture,
  quantisedArithmetic,
  quantisedEncoder,
  quantisedReference,
} from "./fixtures/index.ts";

export interface ContractModels {
  /** a + b and a - b of rows of three numbers, with a free batch. */
  readonly arithmetic: Fixture;
  /** Numbers as `arithmetic` takes them. */
  row(shape: readonly number[], ...numbers: number[]): Tensor;
  readonly encoder: {
    readonly fixture: Fixture;
    readonly inputs: Tensors;
    /** Its `features` by ONNX's reference implementation. */
    readonly reference: Float32Array;
    readonly tolerance: number;
  };
  /** Whether the runtime takes any ONNX graph, with every data type. */
  readonly anyGraph: boolean;
}

const float: ContractModels = {
  arithmetic,
  row: (shape, ...numbers) => ({ datatype: "FP32", shape, data: Float32Array.from(numbers) }),
  encoder: {
    fixture: encoder,
    inputs: { pixels: { datatype: "FP32", shape: [1, 3, 32, 32], data: encoderPixels() } },
    reference: encoderReference,
    // Engines sum in different orders.
    tolerance: 1e-4,
  },
  anyGraph: true,
};

const int8: ContractModels = {
  arithmetic: quantisedArithmetic,
  row: (shape, ...numbers) => ({ datatype: "UINT8", shape, data: Uint8Array.from(numbers) }),
  encoder: {
    fixture: quantisedEncoder,
    inputs: { image: { datatype: "UINT8", shape: [1, 32, 32, 3], data: encoderImage() } },
    reference: quantisedReference,
    // A sum that lies between two steps may be rounded to either.
    tolerance: 0.02,
  },
  anyGraph: true,
};

const plans: ContractModels = {
  ...int8,
  arithmetic: planOf(quantisedArithmetic),
  encoder: { ...int8.encoder, fixture: planOf(quantisedEncoder) },
  anyGraph: false,
};

/** The same models in floats, quantised (in QDQ form), and those compiled for Corkboard's engine. */
export const MODELS = { float, int8, plans } satisfies Record<string, ContractModels>;
export type ModelForm = keyof typeof MODELS;

export function planOf({ bytes, options }: Fixture): Fixture {
  const result = compile(bytes);
  if ("unsupported" in result) throw new Error(JSON.stringify(result.unsupported));
  return { bytes: Uint8Array.from(result.plan), options };
}
