/** A model store that hands out the engine's plans in place of the int8 ONNX files that they were compiled from. */
import * as z from "zod";
import { ModelFile, pinnedName } from "../runtime/manifest.ts";
import type { Assets } from "./asset-store.ts";
import type { HostedModel, ModelStore } from "./model-store.ts";

/** `models/plans.json`: the plan's file of each model that compiles, by `name@revision`. */
const PlanList = z.record(
  z.string(),
  z.strictObject({
    file: ModelFile,
    /** Bytes of linear memory that a session of the plan has. */
    heapBytes: z.int().positive().optional(),
  }),
);
export type PlanList = z.infer<typeof PlanList>;

/** Models without a plan stay as they are: they run on onnxruntime-web. */
export function planStore(store: ModelStore, assets: Assets): ModelStore {
  let plans: Promise<PlanList> | undefined;
  const read = async (): Promise<PlanList> => {
    const response = await assets.fetch("http://assets/models/plans.json");
    if (response.ok) return PlanList.parse(await response.json());
    await response.body?.cancel();
    return {};
  };
  const retried = () => {
    plans ??= read().catch((error) => {
      plans = undefined;
      throw error;
    });
    return plans;
  };
  return {
    async list() {
      const [models, known] = await Promise.all([store.list(), retried()]);
      return models.map((model) => withPlan(model, known));
    },
    read: (model) => store.read(model),
  };
}

function withPlan(model: HostedModel, plans: PlanList): HostedModel {
  const name = pinnedName(model.manifest);
  const plan = Object.hasOwn(plans, name) ? plans[name] : undefined;
  if (!plan || model.precision !== "int8") return model;
  const { file, heapBytes } = plan;
  return { ...model, file, engine: "engine", ...(heapBytes !== undefined && { heapBytes }) };
}
