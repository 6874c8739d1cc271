/** Which model of the folder is the cascade's, and where its items come from. */
import { join } from "node:path";
import { listAllModels, modelFolder } from "../../src/cli/model-folder.ts";
import type { Precision, SequenceRankingManifest } from "../../src/runtime/manifest.ts";
import type { NativeProvider } from "../../src/runtime/native-runtime.ts";
import { KV_TTL_MS } from "./limits.ts";
import type { CascadeSetup } from "./server.ts";

const MS_PER_SECOND = 1000;
const BYTES_PER_MB = 1024 * 1024;

export interface CascadeChoice {
  readonly folder: string;
  /** As of `--models`: names with optional precisions, or `*`. */
  readonly models: string;
  readonly precision?: string | undefined;
  readonly provider?: NativeProvider | undefined;
  readonly threads?: number | undefined;
  /** Address of Corkboard's API, or `none`. */
  readonly catalog: string;
  readonly key?: string | undefined;
  readonly tableEverySeconds: number;
  readonly kvMemoryMb: number;
}

/**
 * The first model of sequence ranking that is chosen; nothing where there is none, or no catalogue for it.
 * @throws RangeError for an address that is none, and for a model by name without a catalogue or in another precision
 */
export async function cascadeSetup(
  choice: CascadeChoice,
): Promise<Omit<CascadeSetup, "thread" | "log"> | undefined> {
  const { folder, models, catalog, key, provider, threads } = choice;
  const isNone = catalog === "none";
  if (!isNone && (!URL.canParse(catalog) || !/^https?:$/.test(new URL(catalog).protocol))) {
    throw new RangeError(`--catalog takes the address of Corkboard's API or none, not ${catalog}.`);
  }
  const all = await listAllModels(folder);
  const wishes = new Map(
    models.split(",").map((wish) => {
      const [name = "", precision] = wish.trim().split(":");
      return [name, precision] as const;
    }),
  );
  const manifest = all.find(
    (one): one is SequenceRankingManifest =>
      one.task === "sequence-ranking" && (wishes.has("*") || wishes.has(one.name)),
  );
  if (!manifest) return undefined;
  if (isNone) {
    if (!wishes.has(manifest.name)) return undefined;
    throw new RangeError(`${manifest.name} ranks a catalogue's items: it does not go with --catalog none.`);
  }
  const named = wishes.get(manifest.name);
  const precisions = Object.keys(manifest.graphs.history.files);
  if (named !== undefined && !precisions.includes(named)) {
    throw new RangeError(`${manifest.name} has no ${named}, but ${precisions.join(" and ")}.`);
  }
  const precision = precisions.find((one) => one === (named ?? choice.precision));
  return {
    manifest,
    folder: join(folder, modelFolder(manifest, all)),
    ...(precision !== undefined && { precision: precision as Precision }),
    provider,
    threads,
    catalog: { url: catalog, key },
    tableEveryMs: choice.tableEverySeconds * MS_PER_SECOND,
    kvBytes: choice.kvMemoryMb * BYTES_PER_MB,
    kvTtlMs: KV_TTL_MS,
  };
}

/** The choice without the cascade's model, which no host of single inferences has. */
export function hostedChoice(models: string, cascade: string | undefined): string {
  const wishes = models.split(",").filter((wish) => wish.trim().split(":")[0] !== cascade);
  return wishes.join(",");
}
