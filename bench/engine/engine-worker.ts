/** Runs inside workerd: `POST /load` a plan, `POST /run?k=…` pixels, `POST /part?from=…&count=…&k=…` a few instructions. */
import { compileEngine } from "#runtime/engine";
import { PLAN_BASE, readPlan } from "../../src/runtime/engine/plan.ts";
import { type EngineExports, loadPlan } from "../../src/runtime/engine/session.ts";

interface Loaded {
  readonly kernels: EngineExports;
  readonly header: ReturnType<typeof readPlan>["header"];
  /** Address of each instruction. */
  readonly addresses: readonly number[];
}

let loaded: Loaded | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const body = new Uint8Array(await request.arrayBuffer());
    if (pathname === "/load") loaded = await load(body);
    if (!loaded) return new Response();
    const { kernels, header, addresses } = loaded;
    const count = Number(searchParams.get("k"));
    if (pathname === "/part") {
      const address = addresses[Number(searchParams.get("from"))]!;
      for (let left = count; left > 0; left--) kernels.run(address, Number(searchParams.get("count")));
    }
    if (pathname === "/run") {
      const input = new Uint8Array(kernels.memory.buffer, header.inputs[0]!.address, header.inputs[0]!.count);
      for (let left = count; left > 0; left--) {
        input.set(body);
        kernels.run(header.program, header.instructions.length);
      }
    }
    const { address, rows, stride } = header.outputs[0]!;
    return new Response(kernels.memory.buffer.slice(address, address + 4 * rows * stride) as ArrayBuffer, {
      headers: { "heap-bytes": String(kernels.memory.buffer.byteLength) },
    });
  },
};

async function load(bytes: Uint8Array): Promise<Loaded> {
  const plan = readPlan(bytes);
  const { module } = await compileEngine();
  const kernels = loadPlan(module, plan);
  const view = new DataView(plan.image.buffer, plan.image.byteOffset, plan.image.length);
  const addresses: number[] = [];
  let address = plan.header.program;
  for (const _ of plan.header.instructions) {
    addresses.push(address);
    address += 4 * view.getUint32(address - PLAN_BASE + 4, true);
  }
  return { kernels, header: plan.header, addresses };
}
