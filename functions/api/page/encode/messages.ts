/** What the page and its worker say to each other. */
import type { Embedding } from "../compare.ts";
import type { Model } from "../model.ts";
import type { ProblemText } from "../problem.ts";
import type { Stage } from "./encoding.ts";

/** Codes of problems that lie in the picture: another engine on this device would fail as well. */
export const PICTURE_PROBLEMS: ReadonlySet<string> = new Set(["undecodable", "too-many-pixels"]);

export type DeviceEngine = "webgpu" | "wasm";

export interface DeviceRequest {
  readonly id: number;
  readonly engine: DeviceEngine;
  readonly model: Model;
  readonly picture: Blob;
}

export type DeviceReply =
  | { readonly id: number; readonly kind: "activity"; readonly activity: string }
  | {
      readonly id: number;
      readonly kind: "done";
      readonly embedding: Embedding;
      readonly stages: readonly Stage[];
      /** What ran the model, in words. */
      readonly engine: string;
      /** Why another engine was passed over: `Corkboard engine: the server answered 503`. */
      readonly passedOver: readonly string[];
    }
  | { readonly id: number; readonly kind: "failed"; readonly problem: ProblemText };
