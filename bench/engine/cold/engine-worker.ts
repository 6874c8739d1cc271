/** Runs inside workerd: answers pixels with an embedding; the plan comes with the Worker and is loaded at the first. */
import { compileEngine } from "#runtime/engine";
import manifest from "../../../models/unified-embedding/manifest.json";
import { readPlan } from "../../../src/runtime/engine/plan.ts";
import { EngineSession } from "../../../src/runtime/engine/session.ts";
import type { ModelManifest } from "../../../src/runtime/manifest.ts";
import model from "./model.bin";

let session: EngineSession | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    session ??= await load();
    const data = new Uint8Array(await request.arrayBuffer());
    const [input] = session.inputs;
    const outputs = await session.run({
      [input!.name]: { datatype: "UINT8", shape: [1, ...input!.shape.slice(1)], data },
    });
    return new Response(Object.values(outputs)[0]!.data as Float32Array<ArrayBuffer>, {
      headers: { "heap-bytes": String(session.memory().heapBytes) },
    });
  },
};

async function load(): Promise<EngineSession> {
  const bytes = new Uint8Array(model);
  const plan = readPlan(bytes);
  return new EngineSession({
    manifest: manifest as unknown as ModelManifest,
    plan,
    modelBytes: bytes.length,
    ...(await compileEngine()),
  });
}
