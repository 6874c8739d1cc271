/** Where a host finds its models. */

import type { ModelFile, ModelManifest, Precision } from "../runtime/manifest.ts";
import type { EngineName } from "../runtime/session.ts";

/** A model in the one precision in which a host runs it. */
export interface HostedModel {
  readonly manifest: ModelManifest;
  readonly precision: Precision;
  /** The manifest's file of that precision. */
  readonly file: ModelFile;
  /** Which engine runs that file, when it is not the one that runs all others. */
  readonly engine?: EngineName;
  /** Bytes of heap that its session takes, where that is known before it is loaded. */
  readonly heapBytes?: number;
}

export interface ModelStore {
  /** Every model of the host. @throws {ModelLoadError} when the configuration names a model that is not there. */
  list(): Promise<readonly HostedModel[]>;
  /** The bytes of a model's file; whoever loads them checks them. @throws {ModelLoadError} */
  read(model: HostedModel): Promise<Uint8Array>;
}
