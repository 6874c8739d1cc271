/** An origin over real HTTP that speaks the cascade's protocol and answers from a table of ids, for runs without the real one. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { UTILITY } from "../../src/feed/utility.ts";
import { textsOf } from "../../src/inference/bytes-data.ts";
import { decodeInferRequest } from "../../src/inference/decode.ts";
import { encodeInferResponse } from "../../src/inference/encode.ts";
import type { Tensor } from "../../src/runtime/tensor.ts";

export const TABLE_REVISION = "0123456789ab";

const encoder = new TextEncoder();
const texts = (values: readonly string[]): Tensor => ({
  datatype: "BYTES",
  shape: [values.length],
  data: values.map((one) => encoder.encode(one)),
});

/** Answers the first ids of the table that are not to be left out, less and less likely to be clicked. */
export async function startTableOrigin(ids: readonly string[]) {
  const actions = Object.keys(UTILITY).length;
  const server = createServer(async (request, response) => {
    const body = new Uint8Array(await buffer(request));
    const { inputs } = decodeInferRequest(body, String(request.headers["inference-header-content-length"]));
    const { exclude, limit } = inputs;
    const excluded = new Set(exclude?.datatype === "BYTES" ? textsOf("exclude", exclude) : []);
    const ranked = ids.filter((id) => !excluded.has(id)).slice(0, Number(limit!.data[0]));
    const count = ranked.length;
    const probabilities = new Float32Array(count * actions);
    for (let at = 0; at < count; at++) probabilities[at * actions] = 1 / (at + 2);
    const { body: answer, headers } = encodeInferResponse({
      model: "unipinrec",
      version: TABLE_REVISION,
      outputs: {
        ids: texts(ranked),
        probabilities: { datatype: "FP32", shape: [count, actions], data: probabilities },
        similarities: { datatype: "FP32", shape: [count], data: new Float32Array(count).fill(0.5) },
        table: texts(["table"]),
        reused: { datatype: "INT32", shape: [1], data: Int32Array.of(0) },
      },
    });
    response.writeHead(200, headers).end(answer);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
