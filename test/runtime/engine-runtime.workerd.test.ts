import { engineRuntime } from "../../src/runtime/engine/engine-runtime.ts";
import { testRuntime } from "./test-runtime.ts";

testRuntime("Corkboard (in workerd)", engineRuntime, "plans");
