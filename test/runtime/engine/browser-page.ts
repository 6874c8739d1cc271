/** Runs inside a page: the kernels' property tests, and the model that the page finds at `/model.plan`. */
import { engineRuntime } from "../../../src/runtime/engine/engine-runtime.ts";
import { fetchBuild } from "../../../src/runtime/engine/module.browser.ts";
import type { EngineModule } from "../../../src/runtime/engine/module.ts";
import type { ImageEmbeddingManifest } from "../../../src/runtime/manifest.ts";
import { differenceIn, type Kernels } from "./kernel-suite.ts";
import { waves } from "./waves.ts";

type Build = EngineModule["build"];

const compileBuild = async (build: Build) => WebAssembly.compile(await fetchBuild(build));

/** What differs first between kernels and reference, as {@link differenceIn} says it. */
async function differenceInKernels(build: Build, operator: string, seed: number, count: number) {
  const { exports } = await WebAssembly.instantiate(await compileBuild(build));
  return differenceIn(exports as unknown as Kernels, operator, seed, count);
}

/** The bits of what the model answers for {@link waves}, as 32-bit words. */
async function embeddingBits(build: Build, manifest: ImageEmbeddingManifest): Promise<number[]> {
  const plan = new Uint8Array(await (await fetch("/model.plan")).arrayBuffer());
  const compile = async () => ({ module: await compileBuild(build), build });
  const session = await engineRuntime({ compile }).load(plan, { manifest, precision: "int8" });
  const outputs = await session.run({ [manifest.input.name]: waves(manifest) });
  return [...new Uint32Array(outputs[manifest.output.name]!.data.buffer)];
}

/** Which build the engine chooses here by itself. */
async function chosenBuild(manifest: ImageEmbeddingManifest): Promise<string> {
  const plan = new Uint8Array(await (await fetch("/model.plan")).arrayBuffer());
  return (await engineRuntime().load(plan, { manifest, precision: "int8" })).provider;
}

Object.assign(globalThis, { differenceInKernels, embeddingBits, chosenBuild });
