/** How an inference on one of several hosts ended, and what that says: of the host, of the model on it, of the caller. */
import { CircuitOpenError } from "./circuit-breaker.ts";
import {
  DeadlineExceededError,
  HostRefusedError,
  HostUnavailableError,
  InvalidResponseError,
  ModelNotFoundError,
  RevisionMismatchError,
} from "./errors.ts";

/**
 * - `ok`: tensors
 * - `refused`: the host finds the request wrong; any other host would too
 * - `unavailable`: not reached, or busy; `late`: no answer in the time it was given
 * - `failed`: an error of its own, or it does not let this caller in; `nonsense`: not the protocol
 * - `missing`, `mismatched`: it does not have the model, or in another revision
 * - `skipped`: not asked, since it has failed of late
 * - `abandoned`: the caller went away meanwhile
 */
export type HostOutcome =
  | "ok"
  | "refused"
  | "unavailable"
  | "late"
  | "failed"
  | "nonsense"
  | "missing"
  | "mismatched"
  | "skipped"
  | "abandoned";

/** Statuses by which a host says that the request itself is wrong: its form, its length, its contents. */
const CALLERS_FAULTS = new Set([400, 413, 422]);

/** Outcomes that speak against the whole host. */
const HOSTS_FAULTS = new Set<HostOutcome | undefined>(["unavailable", "late", "failed", "nonsense"]);

/** Outcomes that speak against a model on a host; others on it may be fine. */
const MODELS_FAULTS = new Set<HostOutcome | undefined>(["missing", "mismatched"]);

/** What an error of the inference client says; `undefined` for one that no host caused. */
export function outcomeOf(error: unknown): HostOutcome | undefined {
  if (error instanceof CircuitOpenError) return "skipped";
  if (error instanceof HostUnavailableError) return "unavailable";
  if (error instanceof DeadlineExceededError) return "late";
  if (error instanceof InvalidResponseError) return "nonsense";
  if (error instanceof ModelNotFoundError) return "missing";
  if (error instanceof RevisionMismatchError) return "mismatched";
  if (error instanceof HostRefusedError) return CALLERS_FAULTS.has(error.hostStatus) ? "refused" : "failed";
  return undefined;
}

export const isHostsFault = (error: unknown): boolean => HOSTS_FAULTS.has(outcomeOf(error));

export const isModelsFault = (error: unknown): boolean => MODELS_FAULTS.has(outcomeOf(error));

/** Whether another host may answer what this one did not. */
export function isWorthAnotherHost(error: unknown): boolean {
  return outcomeOf(error) === "skipped" || isHostsFault(error) || isModelsFault(error);
}
