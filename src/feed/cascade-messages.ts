/** What an origin and the thread of its cascade say to each other. */
import type { ProblemOptions } from "../problem.ts";
import type { Precision, SequenceRankingManifest } from "../runtime/manifest.ts";
import type { NativeProvider } from "../runtime/native-runtime.ts";
import type { CascadeRequest } from "./cascade-request.ts";
import type { KvPoolStats } from "./kv-pool.ts";
import type { CascadeAnswer } from "./unipinrec.ts";

export interface CascadeSettings {
  readonly manifest: SequenceRankingManifest;
  /** @default fp16 on a GPU, fp32 on the CPU */
  readonly precision?: Precision | undefined;
  /** Where the manifest's files are. */
  readonly folder: string;
  readonly provider?: NativeProvider | undefined;
  readonly threads?: number | undefined;
  /** Where the items come from. Absent: from nowhere. */
  readonly catalog?: { readonly url: string; readonly key?: string | undefined } | undefined;
  /** Milliseconds from one look at the catalogue to the next. */
  readonly tableEveryMs: number;
  /** Bytes of keys and values that are kept. */
  readonly kvBytes: number;
  /** Milliseconds after their last use for which they are kept. */
  readonly kvTtlMs: number;
}

export type CascadeOrder =
  | ({ readonly kind: "start" } & CascadeSettings)
  | {
      readonly kind: "rank";
      readonly request: CascadeRequest;
      /** In ms since 1970. */
      readonly deadline: number;
    };

export interface CascadeResults {
  readonly start: CascadeState;
  readonly rank: { readonly outcome: Outcome; readonly state: CascadeState };
}

/** A problem keeps its status and words on its way between threads. */
export type Outcome =
  | { readonly ok: true; readonly answer: CascadeAnswer }
  | { readonly ok: false; readonly problem: CarriedProblem };

export type CarriedProblem = Omit<ProblemOptions, "cause">;

/** Where the cascade stands. */
export interface CascadeState {
  readonly provider: NativeProvider;
  readonly precision: Precision;
  readonly pool: KvPoolStats;
  readonly table?: {
    readonly revision: string;
    readonly items: number;
    /** `usearch` or `exact`. */
    readonly index: string;
    /** In ms since 1970. */
    readonly builtAt: number;
    readonly checkedAt: number;
  };
  /** Why the last look at the catalogue brought nothing. */
  readonly problem?: string;
}

/** What the thread says without being asked. */
export type CascadeNotice = { readonly log: string } | { readonly state: CascadeState };
