import { describe, expect, it } from "vitest";
import { bytesTensor } from "../../src/inference/bytes-data.ts";
import { decodeInferRequest, decodeInferResponse } from "../../src/inference/decode.ts";
import { encodeInferRequest, encodeInferResponse } from "../../src/inference/encode.ts";
import { MalformedMessageError } from "../../src/inference/errors.ts";
import { HEADER_LENGTH } from "../../src/inference/protocol.ts";
import type { Tensors } from "../../src/runtime/tensor.ts";

const everyType: Tensors = {
  uint8: { datatype: "UINT8", shape: [3], data: Uint8Array.of(0, 7, 255) },
  int8: { datatype: "INT8", shape: [2], data: Int8Array.of(-128, 127) },
  int32: { datatype: "INT32", shape: [1, 2], data: Int32Array.of(-1, 2 ** 31 - 1) },
  int64: { datatype: "INT64", shape: [2], data: BigInt64Array.of(-1n, 2n ** 53n - 1n) },
  fp32: { datatype: "FP32", shape: [2, 1], data: Float32Array.of(0.5, -2) },
  bytes: bytesTensor(["", "chair-1", "Stühle 🪑"], [3, 1]),
};
const half: Tensors = { fp16: { datatype: "FP16", shape: [1], data: Uint16Array.of(0x3c00) } };

function bytes(header: unknown, ...rest: number[]): { body: Uint8Array; length: string } {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  return { body: Uint8Array.of(...json, ...rest), length: String(json.byteLength) };
}

function decode(header: unknown, ...rest: number[]) {
  const { body, length } = bytes(header, ...rest);
  return decodeInferRequest(body, rest.length > 0 ? length : null);
}

const one = { name: "x", datatype: "UINT8", shape: [2] };
const binary = (size: unknown) => ({ ...one, parameters: { binary_data_size: size } });

describe("the Open Inference Protocol", () => {
  it("carries tensors of every type as binary data, both ways", () => {
    const tensors = { ...everyType, ...half };
    const request = encodeInferRequest({ inputs: tensors, id: "7", outputs: ["y"], timeoutMs: 250 });
    const decoded = decodeInferRequest(request.body, request.headers[HEADER_LENGTH]!);
    expect(decoded).toMatchObject({ inputs: tensors, id: "7", outputs: ["y"], timeoutMs: 250 });
    expect(decoded.wantsBinary("y")).toBe(true);

    const response = encodeInferResponse({ model: "m", version: "1", id: "7", outputs: tensors });
    const answer = decodeInferResponse(response.body, response.headers[HEADER_LENGTH]!);
    expect(answer).toEqual({ model: "m", version: "1", id: "7", outputs: tensors });
  });

  it("carries all but FP16 as JSON numbers", () => {
    const message = encodeInferResponse({ model: "m", outputs: everyType }, () => false);
    expect(message.headers).toEqual({ "content-type": "application/json" });
    expect(decodeInferResponse(message.body, null).outputs).toEqual(everyType);
    expect(() => encodeInferResponse({ model: "m", outputs: half }, () => false)).toThrow(
      MalformedMessageError,
    );
  });

  it("refuses to write numbers that JSON cannot hold", () => {
    const outputs: Tensors = { y: { datatype: "FP32", shape: [1], data: Float32Array.of(Number.NaN) } };
    expect(() => encodeInferResponse({ model: "m", outputs }, () => false)).toThrow("ask for binary data");
  });

  it("reads the example of Triton's documentation", () => {
    const header = {
      model_name: "mymodel",
      inputs: [
        { name: "input0", shape: [2, 2], datatype: "INT32", parameters: { binary_data_size: 16 } },
        { name: "input1", shape: [3], datatype: "UINT8", parameters: { binary_data_size: 3 } },
      ],
      outputs: [{ name: "output0", parameters: { binary_data: true } }, { name: "output1" }],
    };
    const { inputs, outputs, wantsBinary } = decode(
      header,
      ...[1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0],
      5,
      6,
      7,
    );
    expect(inputs.input0).toEqual({ datatype: "INT32", shape: [2, 2], data: Int32Array.of(1, 2, 3, 4) });
    expect(inputs.input1).toEqual({ datatype: "UINT8", shape: [3], data: Uint8Array.of(5, 6, 7) });
    expect(outputs).toEqual(["output0", "output1"]);
    expect([wantsBinary("output0"), wantsBinary("output1")]).toEqual([true, false]);
  });

  it("takes nested and flat JSON arrays", () => {
    const nested = decode({
      inputs: [
        {
          ...one,
          shape: [2, 2],
          data: [
            [1, 2],
            [3, 4],
          ],
        },
      ],
    });
    const flat = decode({ inputs: [{ ...one, shape: [2, 2], data: [1, 2, 3, 4] }] });
    expect(nested.inputs).toEqual(flat.inputs);
  });

  it("answers JSON unless binary is asked for, an output's own wish first", () => {
    const inputs = [{ ...one, data: [1, 2] }];
    expect(decode({ inputs }).wantsBinary("y")).toBe(false);
    const wish = decode({
      inputs,
      parameters: { binary_data_output: true },
      outputs: [{ name: "y", parameters: { binary_data: false } }, { name: "z" }],
    });
    expect([wish.wantsBinary("y"), wish.wantsBinary("z")]).toEqual([false, true]);
  });

  const broken: [string, () => unknown][] = [
    ["no JSON", () => decode("{")],
    ["JSON that is not UTF-8", () => decodeInferRequest(Uint8Array.of(0x22, 0xff, 0x22), null)],
    ["no inputs", () => decode({ inputs: [] })],
    [
      "65 inputs",
      () =>
        decode({ inputs: Array.from({ length: 65 }, (_, i) => ({ ...one, name: `${i}`, data: [1, 2] })) }),
    ],
    ["a header length beyond the body", () => decodeInferRequest(new Uint8Array(3), "4")],
    ["a header length that is no number", () => decodeInferRequest(new Uint8Array(3), "-1")],
    [
      "a data type that is not supported",
      () => decode({ inputs: [{ ...one, datatype: "BOOL", data: [true, false] }] }),
    ],
    [
      "a data type named after an object's own method",
      () => decode({ inputs: [{ ...one, datatype: "toString", data: [] }] }),
    ],
    ["a negative dimension", () => decode({ inputs: [{ ...one, shape: [-1], data: [1] }] })],
    ["nine dimensions", () => decode({ inputs: [{ ...one, shape: Array(9).fill(1), data: [1] }] })],
    ["a shape of 10^15 elements", () => decode({ inputs: [{ ...one, shape: [1e5, 1e5, 1e5], data: [1] }] })],
    ["too few numbers", () => decode({ inputs: [{ ...one, data: [1] }] })],
    ["too many numbers", () => decode({ inputs: [{ ...one, data: [1, 2, 3] }] })],
    ["a number out of range", () => decode({ inputs: [{ ...one, data: [1, 256] }] })],
    ["a fraction for an integer", () => decode({ inputs: [{ ...one, data: [1, 0.5] }] })],
    ["a string for a number", () => decode({ inputs: [{ ...one, data: [1, "2"] }] })],
    [
      "an integer that JSON cannot hold",
      () => decode({ inputs: [{ ...one, datatype: "INT64", data: [1, 2 ** 60] }] }),
    ],
    ["FP16 as JSON", () => decode({ inputs: [{ ...one, datatype: "FP16", data: [1, 2] }] })],
    ["no data at all", () => decode({ inputs: [one] })],
    ["a size that does not fit the shape", () => decode({ inputs: [binary(3)] }, 1, 2, 3)],
    ["a size that is no number", () => decode({ inputs: [binary("2")] }, 1, 2)],
    ["binary data that ends early", () => decode({ inputs: [binary(2)] }, 1)],
    ["bytes that belong to no tensor", () => decode({ inputs: [binary(2)] }, 1, 2, 3)],
    ["both JSON and binary data", () => decode({ inputs: [{ ...binary(2), data: [1, 2] }] }, 1, 2)],
    ["two inputs of one name", () => decode({ inputs: [binary(2), binary(2)] }, 1, 2, 3, 4)],
    [
      "an output asked for twice",
      () => decode({ inputs: [{ ...one, data: [1, 2] }], outputs: [{ name: "y" }, { name: "y" }] }),
    ],
    [
      "a timeout that is no number",
      () => decode({ inputs: [{ ...one, data: [1, 2] }], parameters: { timeout: "soon" } }),
    ],
    ["a response without outputs", () => decodeInferResponse(bytes({ model_name: "m" }).body, null)],
  ];
  it.each(broken)("refuses %s", (_, read) => {
    expect(read).toThrow(MalformedMessageError);
  });

  it("survives every truncation and every changed byte of a message with a clear error or a message", () => {
    const { body, headers } = encodeInferRequest({ inputs: everyType });
    const length = headers[HEADER_LENGTH]!;
    const attempts = [
      ...Array.from({ length: body.byteLength }, (_, end) => body.slice(0, end)),
      ...Array.from({ length: body.byteLength }, (_, at) =>
        body.map((byte, i) => (i === at ? byte ^ 0x15 : byte)),
      ),
    ];
    for (const attempt of attempts) {
      try {
        decodeInferRequest(attempt, length);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedMessageError);
      }
    }
  });

  it("keeps names that objects use themselves apart from them", () => {
    const { inputs } = decode({ inputs: [{ ...one, name: "__proto__", data: [1, 2] }] });
    expect(Object.keys(inputs)).toEqual(["__proto__"]);
  });
});
