/** The `engine` engine: Corkboard's own int8 kernels, for models that were compiled to a plan. */
import { compileEngine, type EngineModule } from "#runtime/engine";
import { EngineUnavailableError, ModelLoadError, reasonOf } from "../errors.ts";
import type { LoadOptions, Runtime, Session } from "../session.ts";
import { isPlan, readPlan } from "./plan.ts";
import { EngineSession } from "./session.ts";

export interface EngineRuntimeOptions {
  /**
   * Provides the kernels; called once, at the first load.
   * @default `dist/engine` of the package in Node, the bundled module in workerd, the bundled file in a browser
   */
  readonly compile?: () => Promise<EngineModule>;
}

/**
 * @example
 * const session = await engineRuntime().load(planBytes, { manifest, precision: "int8" });
 */
export function engineRuntime({ compile = compileEngine }: EngineRuntimeOptions = {}): Runtime {
  let started: Promise<EngineModule> | undefined;
  const start = () => {
    started ??= compile().catch((error) => {
      started = undefined;
      throw new EngineUnavailableError("engine", reasonOf(error), error);
    });
    return started;
  };
  return {
    engine: "engine",
    async load(bytes: Uint8Array, { manifest }: LoadOptions): Promise<Session> {
      if (!isPlan(bytes)) {
        throw new ModelLoadError(
          manifest.name,
          "not an engine plan; make one with `corkboard compile model.onnx`",
        );
      }
      const { module, build } = await start();
      try {
        const plan = readPlan(bytes);
        return new EngineSession({ manifest, plan, module, build, modelBytes: bytes.byteLength });
      } catch (error) {
        throw new ModelLoadError(manifest.name, reasonOf(error), error);
      }
    },
  };
}

/** Plans run on the engine, everything else on `other`: whoever brings a model need not know. */
export function engineOr(other: Runtime, engine: Runtime = engineRuntime()): Runtime {
  return {
    engine: other.engine,
    load: (bytes, options) => (isPlan(bytes) ? engine : other).load(bytes, options),
  };
}
