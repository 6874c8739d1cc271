import { describe, expect, it } from "vitest";
import { bytesTensor, textsOf } from "../../src/inference/bytes-data.ts";
import { decodeInferRequest, decodeInferResponse } from "../../src/inference/decode.ts";
import { encodeInferRequest, encodeInferResponse } from "../../src/inference/encode.ts";
import { MalformedMessageError } from "../../src/inference/errors.ts";
import { HEADER_LENGTH, MAX_BYTES_ELEMENTS, MAX_BYTES_LENGTH } from "../../src/inference/protocol.ts";
import { joinRows, splitRows } from "../../src/inference/rows.ts";
import type { BytesTensor, Tensors } from "../../src/runtime/tensor.ts";

/** A request of one BYTES tensor whose binary data are `rest`. */
function decodeBinary(shape: readonly number[], rest: Uint8Array, size: unknown = rest.byteLength) {
  const inputs = [{ name: "x", datatype: "BYTES", shape, parameters: { binary_data_size: size } }];
  const json = new TextEncoder().encode(JSON.stringify({ inputs }));
  const body = new Uint8Array([...json, ...rest]);
  return decodeInferRequest(body, String(json.byteLength)).inputs.x as BytesTensor;
}

function decodeJson(shape: readonly number[], data: readonly unknown[]) {
  const body = new TextEncoder().encode(
    JSON.stringify({ inputs: [{ name: "x", datatype: "BYTES", shape, data }] }),
  );
  return decodeInferRequest(body, null).inputs.x as BytesTensor;
}

/** An element after its length of four bytes. */
const element = (length: number, ...bytes: number[]) => {
  const whole = new Uint8Array(4 + bytes.length);
  new DataView(whole.buffer).setUint32(0, length, true);
  whole.set(bytes, 4);
  return whole;
};
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));

describe("tensors of byte strings", () => {
  it("have each element's length in four little-endian bytes before it, as Triton has", () => {
    const { body, headers } = encodeInferRequest({ inputs: { x: bytesTensor(["ab", "", "c"]) } });
    const length = Number(headers[HEADER_LENGTH]);
    expect([...body.subarray(length)]).toEqual([2, 0, 0, 0, 97, 98, 0, 0, 0, 0, 1, 0, 0, 0, 99]);
    expect(JSON.parse(new TextDecoder().decode(body.subarray(0, length))).inputs).toEqual([
      { name: "x", datatype: "BYTES", shape: [3], parameters: { binary_data_size: 15 } },
    ]);
  });

  it("are strings in JSON, flat or nested", () => {
    const outputs: Tensors = { x: bytesTensor(["a", "é", "🪑", '"\\\u0000'], [2, 2]) };
    const message = encodeInferResponse({ model: "m", outputs }, () => false);
    expect(JSON.parse(new TextDecoder().decode(message.body)).outputs[0].data).toEqual([
      "a",
      "é",
      "🪑",
      '"\\\u0000',
    ]);
    expect(decodeInferResponse(message.body, null).outputs).toEqual(outputs);
    const nested = [
      ["a", "é"],
      ["🪑", '"\\\u0000'],
    ];
    expect(decodeJson([2, 2], nested)).toEqual(outputs.x);
  });

  it("may be empty, and stand among tensors of numbers", () => {
    const inputs: Tensors = {
      none: bytesTensor([]),
      number: { datatype: "INT64", shape: [1], data: BigInt64Array.of(7n) },
      some: bytesTensor(["x"]),
    };
    const { body, headers } = encodeInferRequest({ inputs });
    expect(decodeInferRequest(body, headers[HEADER_LENGTH]!).inputs).toEqual(inputs);
  });

  it("carry any bytes in binary, which JSON refuses to", () => {
    const x: BytesTensor = { datatype: "BYTES", shape: [1], data: [Uint8Array.of(0xff, 0xfe)] };
    expect(decodeBinary([1], element(2, 0xff, 0xfe))).toEqual(x);
    expect(() => encodeInferResponse({ model: "m", outputs: { x } }, () => false)).toThrow(
      '"x" has bytes that are not UTF-8, at 0: ask for binary data.',
    );
    expect(() => textsOf("x", x)).toThrow(MalformedMessageError);
  });

  it("keep a byte order mark", () => {
    expect(textsOf("x", bytesTensor(["\ufeffa"]))).toEqual(["\ufeffa"]);
  });

  it("are joined and cut by rows", () => {
    const parts: Tensors[] = [{ x: bytesTensor(["a", "b"], [1, 2]) }, { x: bytesTensor(["c", "d"], [1, 2]) }];
    const joined = joinRows(parts);
    expect(joined.x).toEqual(bytesTensor(["a", "b", "c", "d"], [2, 2]));
    expect(splitRows(joined, [1, 1])).toEqual(parts);
  });

  const longest = new Uint8Array(MAX_BYTES_LENGTH);
  it("take elements and numbers of them up to their limits", () => {
    expect(decodeBinary([1], join(element(MAX_BYTES_LENGTH, ...longest))).data).toEqual([longest]);
    expect(decodeJson([1], ["x".repeat(MAX_BYTES_LENGTH)]).data[0]).toHaveLength(MAX_BYTES_LENGTH);
    const many = new Uint8Array(4 * MAX_BYTES_ELEMENTS);
    expect(decodeBinary([MAX_BYTES_ELEMENTS], many).data).toHaveLength(MAX_BYTES_ELEMENTS);
  });

  const hostile: [string, () => unknown, string][] = [
    ["a length of 4 GiB", () => decodeBinary([1], element(2 ** 32 - 1, 1)), "of 4294967295 bytes, at 0"],
    ["a length beyond the data", () => decodeBinary([1], element(3, 1, 2)), "ends within its element 0"],
    [
      "a length that takes bytes of the next tensor",
      () => {
        const tensor = { name: "a", datatype: "BYTES", shape: [1], parameters: { binary_data_size: 5 } };
        const json = new TextEncoder().encode(JSON.stringify({ inputs: [tensor, { ...tensor, name: "b" }] }));
        const body = join(json, element(6, 1), element(1, 2));
        return decodeInferRequest(body, String(json.byteLength));
      },
      'data of "a" ends within its element 0',
    ],
    ["half a length", () => decodeBinary([1], Uint8Array.of(1, 0)), "ends within its element 0"],
    ["too few elements", () => decodeBinary([2], element(1, 1)), "ends within its element 1"],
    ["too many elements", () => decodeBinary([1], join(element(0), element(0))), "4 bytes of"],
    ["bytes for an empty tensor", () => decodeBinary([0], element(0)), "4 bytes of"],
    ["a size beyond the body", () => decodeBinary([1], element(1, 1), 6), "The body ends within"],
    ["a size that is no number", () => decodeBinary([1], element(1, 1), "5"), "no number of bytes"],
    ["a negative size", () => decodeBinary([1], element(1, 1), -5), "no number of bytes"],
    ["a fraction of a byte", () => decodeBinary([1], element(1, 1), 4.5), "no number of bytes"],
    [
      "an element that is too long",
      () => decodeBinary([1], element(MAX_BYTES_LENGTH + 1, ...longest, 0)),
      `${MAX_BYTES_LENGTH} are the most allowed`,
    ],
    [
      "a text that is too long as UTF-8",
      () => decodeJson([1], ["é".repeat(MAX_BYTES_LENGTH / 2 + 1)]),
      `${MAX_BYTES_LENGTH} are the most allowed`,
    ],
    [
      "too many elements for memory",
      () => decodeBinary([MAX_BYTES_ELEMENTS + 1], new Uint8Array(4 * MAX_BYTES_ELEMENTS + 4)),
      `${MAX_BYTES_ELEMENTS} are the most allowed`,
    ],
    [
      "too many elements spread over tensors",
      () => {
        const half = { datatype: "BYTES", shape: [MAX_BYTES_ELEMENTS / 2 + 1], data: [] };
        const inputs = ["a", "b"].map((name) => ({ name, ...half }));
        return decodeInferRequest(new TextEncoder().encode(JSON.stringify({ inputs })), null);
      },
      `${MAX_BYTES_ELEMENTS} are the most allowed`,
    ],
    ["a number among the texts", () => decodeJson([2], ["a", 1]), "no text, at 1"],
    ["null for a text", () => decodeJson([1], [null]), "no text, at 0"],
    ["half a surrogate pair", () => decodeJson([1], ["\ud83e"]), "no text, at 0"],
    ["too few texts", () => decodeJson([2], ["a"]), "has 1 elements; its shape needs 2"],
    ["too many texts", () => decodeJson([1], ["a", "b"]), "more than 1 elements"],
  ];
  it.each(hostile)("refuse %s", (_, read, message) => {
    expect(read).toThrow(MalformedMessageError);
    expect(read).toThrow(message);
  });
});
