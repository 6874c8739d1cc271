/** Looks for a GPU that this browser lends to pages. */

interface Adapter {
  readonly features: ReadonlySet<string>;
  readonly info?: { readonly isFallbackAdapter?: boolean };
}

interface Gpu {
  requestAdapter(): Promise<Adapter | null>;
}

export type GpuAnswer =
  | {
      readonly available: true;
      readonly halfPrecision: boolean;
      /** The processor stands in for a GPU: it computes the same, many times more slowly. */
      readonly emulated: boolean;
    }
  | { readonly available: false; readonly reason: string };

/** Whether WebGPU works here, and whether it computes in 16 bits. Never throws. */
export async function findGpu(): Promise<GpuAnswer> {
  const { gpu } = navigator as Navigator & { readonly gpu?: Gpu };
  if (gpu === undefined) return { available: false, reason: "not in this browser" };
  const adapter = await gpu.requestAdapter().catch(() => null);
  if (adapter === null) return { available: false, reason: "no adapter" };
  return {
    available: true,
    halfPrecision: adapter.features.has("shader-f16"),
    emulated: adapter.info?.isFallbackAdapter === true,
  };
}
