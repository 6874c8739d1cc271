/** What every inference engine must do. Each case gets a runtime; it passes unless it throws. */
import { InferenceError, InvalidTensorError, ModelLoadError } from "../../src/runtime/errors.ts";
import type { Runtime } from "../../src/runtime/session.ts";
import type { Tensor, Tensors } from "../../src/runtime/tensor.ts";
import type { ContractModels } from "./contract-models.ts";
import { expectClose, expectEqual, expectRejection } from "./expectations.ts";
import { echo, type Fixture, fixtureManifest, reshape } from "./fixtures/index.ts";

export interface ContractCase {
  readonly title: string;
  run(runtime: Runtime): Promise<void>;
}

const load = (runtime: Runtime, { bytes, options }: Fixture) => runtime.load(bytes, options);

function floats(shape: readonly number[], ...numbers: number[]): Tensor {
  return { datatype: "FP32", shape, data: Float32Array.from(numbers) };
}

/** The contract of runtimes that load `models`; of those that take any ONNX graph, more is asked. */
export function contract(models: ContractModels): readonly ContractCase[] {
  return models.anyGraph ? [...common(models), ...anyGraph] : common(models);
}

const common = ({ arithmetic, row, encoder }: ContractModels): readonly ContractCase[] => {
  const ab: Tensors = { a: row([1, 3], 1, 2, 3), b: row([1, 3], 10, 20, 30) };
  const { datatype } = arithmetic.options.manifest.input;
  return [
    {
      title: "says which engine it is and what the model takes and returns",
      async run(runtime) {
        const session = await load(runtime, arithmetic);
        expectEqual(session.engine, runtime.engine);
        expectEqual(session.provider.length > 0, true);
        expectEqual(session.inputs, [
          { name: "a", datatype, shape: [-1, 3] },
          { name: "b", datatype, shape: [-1, 3] },
        ]);
        expectEqual(session.outputs, [
          { name: "sum", datatype: "FP32", shape: [-1, 3] },
          { name: "difference", datatype: "FP32", shape: [-1, 3] },
        ]);
      },
    },
    {
      title: "returns every output by its name",
      async run(runtime) {
        const session = await load(runtime, arithmetic);
        const sum = floats([1, 3], 11, 22, 33);
        expectEqual(await session.run(ab), { sum, difference: floats([1, 3], -9, -18, -27) });
      },
    },
    {
      title: "returns only the outputs asked for",
      async run(runtime) {
        const session = await load(runtime, arithmetic);
        expectEqual(await session.run(ab, ["difference"]), { difference: floats([1, 3], -9, -18, -27) });
      },
    },
    {
      title: "takes any length of a free dimension",
      async run(runtime) {
        const session = await load(runtime, arithmetic);
        const rows = row([2, 3], 1, 2, 3, 4, 5, 6);
        expectEqual(await session.run({ a: rows, b: rows }, ["sum"]), {
          sum: floats([2, 3], 2, 4, 6, 8, 10, 12),
        });
      },
    },
    {
      title: "computes an encoder as ONNX's reference implementation does",
      async run(runtime) {
        const session = await load(runtime, encoder.fixture);
        const { features } = await session.run(encoder.inputs);
        expectEqual(features?.shape, [1, 16]);
        expectClose(features?.data as Float32Array, encoder.reference, encoder.tolerance);
      },
    },
    {
      title: "answers concurrent calls each with its own result",
      async run(runtime) {
        const session = await load(runtime, arithmetic);
        const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
        const runs = numbers.map((n) => session.run({ a: row([1, 3], n, n, n), b: row([1, 3], 0, 0, 0) }));
        const sums = (await Promise.all(runs)).map(({ sum }) => sum?.data[0]);
        expectEqual(sums, numbers);
      },
    },
    {
      title: "refuses tensors that are missing, unknown, or of another type, shape or length, naming them",
      async run(runtime) {
        const session = await load(runtime, arithmetic);
        const halves: Tensor = { datatype: "FP16", shape: [1, 3], data: new Uint16Array(3) };
        const texts: Tensor = { datatype: "BYTES", shape: [1, 3], data: Array(3).fill(new Uint8Array(4)) };
        const wrong: [string, Tensors][] = [
          ["b", { a: ab.a! }],
          ["c", { ...ab, c: ab.a! }],
          ["a", { ...ab, a: halves }],
          ["a", { ...ab, a: texts }],
          ["b", { ...ab, b: row([1, 2], 1, 2) }],
          ["b", { ...ab, b: row([3], 1, 2, 3) }],
          ["b", { ...ab, b: row([0, 3]) }],
          ["a", { ...ab, a: row([1, 3], 1, 2) }],
        ];
        for (const [name, inputs] of wrong) {
          const error = await expectRejection(session.run(inputs), InvalidTensorError);
          expectEqual([error.tensor, error.status], [name, 400]);
        }
        expectEqual((await session.run(ab)).sum, floats([1, 3], 11, 22, 33));
      },
    },
    {
      title: "refuses to return outputs that the model does not have",
      async run(runtime) {
        const session = await load(runtime, arithmetic);
        const error = await expectRejection(session.run(ab, ["product"]), InvalidTensorError);
        expectEqual(error.tensor, "product");
      },
    },
    {
      title: "refuses bytes that are no model",
      async run(runtime) {
        const error = await expectRejection(
          runtime.load(new Uint8Array(1000).fill(7), arithmetic.options),
          ModelLoadError,
        );
        expectEqual(error.status, 500);
      },
    },
    {
      title: "refuses a model that differs from its manifest",
      async run(runtime) {
        const { input, output } = arithmetic.options.manifest;
        const wrong = [
          { input: { ...input, name: "x" }, output },
          { input: { ...input, datatype: "FP16" as const }, output },
          { input: { ...input, shape: [-1, 4] }, output },
          { input, output: { ...output, name: "product" } },
        ];
        for (const specs of wrong) {
          const manifest = fixtureManifest("wrong", specs);
          const loading = runtime.load(arithmetic.bytes, { ...arithmetic.options, manifest });
          await expectRejection(loading, ModelLoadError);
        }
      },
    },
    {
      title: "takes no more than the manifest allows, where that is narrower than the model",
      async run(runtime) {
        const { input, output } = arithmetic.options.manifest;
        const manifest = fixtureManifest("narrow", { input: { ...input, shape: [1, 3] }, output });
        const session = await runtime.load(arithmetic.bytes, { ...arithmetic.options, manifest });
        const rows = row([2, 3], 1, 2, 3, 4, 5, 6);
        await expectRejection(session.run({ a: rows, b: rows }), InvalidTensorError);
      },
    },
    {
      title: "tells how much memory it holds",
      async run(runtime) {
        const session = await load(runtime, encoder.fixture);
        const { heapBytes, modelBytes } = session.memory();
        expectEqual(modelBytes, encoder.fixture.bytes.byteLength);
        expectEqual(Number.isInteger(heapBytes) && heapBytes >= 0, true);
      },
    },
    {
      title: "finishes what runs when it is disposed, and nothing after",
      async run(runtime) {
        const [session, other] = [await load(runtime, arithmetic), await load(runtime, arithmetic)];
        const running = session.run(ab, ["sum"]);
        const [first, second] = [session.dispose(), session.dispose()];
        expectEqual((await running).sum, floats([1, 3], 11, 22, 33));
        await Promise.all([first, second]);
        await expectRejection(session.run(ab), InferenceError);
        expectEqual((await other.run(ab)).sum, floats([1, 3], 11, 22, 33));
      },
    },
  ];
};

/** What only whole ONNX engines can be asked. */
const anyGraph: readonly ContractCase[] = [
  {
    title: "carries every data type unchanged",
    async run(runtime) {
      const shape = [2];
      const session = await load(runtime, echo);
      const inputs: Tensors = {
        uint8: { datatype: "UINT8", shape, data: Uint8Array.of(0, 255) },
        int8: { datatype: "INT8", shape, data: Int8Array.of(-128, 127) },
        int32: { datatype: "INT32", shape, data: Int32Array.of(-(2 ** 31), 2 ** 31 - 1) },
        int64: { datatype: "INT64", shape, data: BigInt64Array.of(-5n, 2n ** 40n) },
        fp16: { datatype: "FP16", shape, data: Uint16Array.of(0x3c00, 0xc000) },
        fp32: { datatype: "FP32", shape, data: Float32Array.of(0.5, -1.5) },
      };
      const outputs = await session.run(inputs);
      for (const [name, tensor] of Object.entries(inputs)) expectEqual(outputs[`${name}_out`], tensor);
    },
  },
  {
    title: "stays usable after an inference that fails",
    async run(runtime) {
      const session = await load(runtime, reshape);
      const shape = (...sizes: bigint[]): Tensors => ({
        shape: { datatype: "INT64", shape: [2], data: BigInt64Array.from(sizes) },
      });
      await expectRejection(session.run(shape(4n, 4n)), InferenceError);
      expectEqual((await session.run(shape(2n, 3n))).reshaped, floats([2, 3], 1, 2, 3, 4, 5, 6));
    },
  },
];
