/** Models from static assets, with a bucket behind them for files above the 25 MiB that an asset may have. */
import * as z from "zod";
import { ModelLoadError, reasonOf } from "../runtime/errors.ts";
import { ModelManifest } from "../runtime/manifest.ts";
import { chooseModels, type ModelChoice } from "./model-choice.ts";
import type { HostedModel, ModelStore } from "./model-store.ts";

/** The part of an assets binding that is used. */
export interface Assets {
  fetch(url: string): Promise<Response>;
}

/** The part of an R2 bucket that is used. */
export interface Bucket {
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
}

export interface AssetStoreOptions extends ModelChoice {
  /** Holds `/models/registry.json`, a list of manifests, and `/models/<model>/<revision>/<file>`. */
  readonly assets: Assets;
  /** Asked for `<model>/<revision>/<file>` when the assets do not have it. */
  readonly bucket?: Bucket | undefined;
}

/** Assets have paths only; the host of their URLs is never looked at. */
const ORIGIN = "http://assets/models";

export function assetStore(options: AssetStoreOptions): ModelStore {
  let listed: Promise<readonly HostedModel[]> | undefined;
  return {
    list() {
      listed ??= readRegistry(options.assets)
        .then((registry) => chooseModels(registry, options))
        .catch((error) => {
          listed = undefined;
          throw error;
        });
      return listed;
    },
    read: (model) => readFile(options, model),
  };
}

async function readRegistry(assets: Assets): Promise<ModelManifest[]> {
  const response = await assets.fetch(`${ORIGIN}/registry.json`);
  try {
    if (!response.ok) throw new Error(`status ${response.status}`);
    return z.array(ModelManifest).parse(await response.json());
  } catch (error) {
    throw new ModelLoadError("*", `registry.json cannot be read: ${reasonOf(error)}`, error);
  }
}

async function readFile({ assets, bucket }: AssetStoreOptions, { manifest, file }: HostedModel) {
  const key = `${manifest.name}/${manifest.revision}/${file.path}`;
  const response = await assets.fetch(`${ORIGIN}/${key}`);
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  await response.body?.cancel();
  const object = await bucket?.get(key);
  if (object) return new Uint8Array(await object.arrayBuffer());
  throw new ModelLoadError(manifest.name, `${key} is neither among the assets nor in the bucket`);
}
