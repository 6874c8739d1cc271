/** Compiles the int8 models for the engine: `<model>/<revision>/<file>.<hash>.plan` and their list, `plans.json`. */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { modelFolder } from "../src/cli/model-folder.ts";
import type { PlanList } from "../src/inference/plan-store.ts";
import { compile } from "../src/runtime/engine/compiler/compile.ts";
import { readPlan } from "../src/runtime/engine/plan.ts";
import { heapBytesOf } from "../src/runtime/engine/session.ts";
import { type ModelManifest, pinnedName } from "../src/runtime/manifest.ts";

/** Hex digits of a plan's hash in its name. */
const PLAN_HASH_DIGITS = 12;

/**
 * @param source The folder of the models, `<name>/<file>` or `<name>@<revision>/<file>`.
 * @param target Where hosts read them, `<name>/<revision>/<file>`.
 * @returns names of the models that have a plan; the others run on onnxruntime-web.
 */
export async function buildPlans(
  manifests: readonly ModelManifest[],
  source: string,
  target: string,
): Promise<string[]> {
  const plans: PlanList = {};
  for (const manifest of manifests) {
    const { name, revision, files } = manifest;
    if (!files.int8) continue;
    const result = compile(
      new Uint8Array(await readFile(join(source, modelFolder(manifest, manifests), files.int8.path))),
    );
    if ("unsupported" in result) {
      const [first] = result.unsupported;
      console.warn(
        `${pinnedName(manifest)} runs on onnxruntime-web: ${first?.op} "${first?.node}": ${first?.reason}`,
      );
      continue;
    }
    const { plan } = result;
    const sha256 = createHash("sha256").update(plan).digest("hex");
    // Caches keep what is below a revision for ever, but another compiler makes another plan of the same model.
    const path = `${files.int8.path}.${sha256.slice(0, PLAN_HASH_DIGITS)}.plan`;
    await mkdir(join(target, name, revision), { recursive: true });
    await writeFile(join(target, name, revision, path), plan);
    const heapBytes = heapBytesOf(readPlan(plan));
    plans[pinnedName(manifest)] = { file: { path, bytes: plan.length, sha256 }, heapBytes };
  }
  await mkdir(target, { recursive: true });
  await writeFile(join(target, "plans.json"), `${JSON.stringify(plans, null, 2)}\n`);
  return Object.keys(plans);
}
