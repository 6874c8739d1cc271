/** What stands behind the proxy: the origin as it is built, in a process of its own, or a table of ids. */
import { readFile } from "node:fs/promises";
import { pinnedName } from "../../src/runtime/manifest.ts";
import { SequenceRankingManifest } from "../../src/runtime/manifest-sequence.ts";
import { FeedOrigin } from "../../test/origin/feed-origin.ts";
import { startTableOrigin, TABLE_REVISION } from "./table-origin.ts";

/**
 * Faults of the process, for which it is restarted. `restarted`: killed again and again, each time started at once.
 * `evicted`: without memory for keys and values, a history's are in no pool any more while it is ranked over.
 */
export const REAL_FAULTS = ["restarted", "evicted"] as const;
export type RealFault = (typeof REAL_FAULTS)[number];

export interface Origin {
  readonly url: string;
  /** Name and revision. */
  readonly model: string;
  /** @param catalog address of the API */
  start(catalog: string): Promise<void>;
  inject(fault: RealFault | "none"): Promise<void>;
  stop(): Promise<void>;
}

const MANIFEST = new URL("../../models/unipinrec/manifest.json", import.meta.url);
/** So long a new process lives before it is killed again: some of it with a table of items. */
const LIFE_MS = 8_000;

export class RealOrigin implements Origin {
  readonly model: string;
  readonly #origin: FeedOrigin;
  #catalog = "";
  #fault: RealFault | "none" = "none";
  /** Ends once nothing is restarted any more. */
  #restarting: Promise<void> | undefined;

  private constructor(origin: FeedOrigin, model: string) {
    this.#origin = origin;
    this.model = model;
  }

  static async create(secret: string): Promise<RealOrigin> {
    const manifest = SequenceRankingManifest.parse(JSON.parse(await readFile(MANIFEST, "utf8")));
    return new RealOrigin(await FeedOrigin.create(secret), pinnedName(manifest));
  }

  get url(): string {
    return this.#origin.url;
  }

  start(catalog: string): Promise<void> {
    this.#catalog = catalog;
    return this.#origin.start(catalog);
  }

  async inject(fault: RealFault | "none"): Promise<void> {
    if (fault === this.#fault) return;
    this.#fault = fault;
    await this.#restarting;
    this.#restarting = undefined;
    if (fault === "restarted") this.#restarting = this.#restart();
    else await this.#again(fault === "evicted" ? ["--kv-memory", "0"] : []);
  }

  async stop(): Promise<void> {
    this.#fault = "none";
    await this.#restarting;
    await this.#origin.kill();
  }

  async #restart(): Promise<void> {
    while (this.#fault === "restarted") {
      await this.#again([]);
      await new Promise((done) => setTimeout(done, LIFE_MS));
    }
  }

  async #again(options: readonly string[]): Promise<void> {
    await this.#origin.kill();
    await this.#origin.start(this.#catalog, ...options);
  }
}

/** Answers fast and knows nothing. */
export async function tableOrigin(ids: readonly string[]): Promise<Origin> {
  const { url, close } = await startTableOrigin(ids);
  return {
    url,
    model: `unipinrec@${TABLE_REVISION}`,
    start: async () => undefined,
    inject: async () => undefined,
    stop: async () => close(),
  };
}
