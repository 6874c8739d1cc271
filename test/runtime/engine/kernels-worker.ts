/** Runs inside workerd: `?build=…&operator=…&seed=…&count=…` answers what differs, or nothing. */
import relaxed from "../../../dist/engine/relaxed.wasm";
import simd from "../../../dist/engine/simd.wasm";
import { differenceIn, type Kernels } from "./kernel-suite.ts";

const BUILDS: Readonly<Record<string, WebAssembly.Module>> = { relaxed, simd };

export default {
  fetch(request: Request): Response {
    const query = new URL(request.url).searchParams;
    const kernels = new WebAssembly.Instance(BUILDS[query.get("build")!]!).exports as unknown as Kernels;
    const seed = Number(query.get("seed"));
    return new Response(
      differenceIn(kernels, query.get("operator")!, seed, Number(query.get("count"))) ?? "",
    );
  },
};
