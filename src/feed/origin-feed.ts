/**
 * The origin path: the whole cascade, retrieval and ranking over one history, is one inference of the model
 * `unipinrec` on the origin, which keeps the history's keys and values. Here it is asked and not believed.
 */
import { ItemId } from "../catalog/item.ts";
import type { CircuitBreaker } from "../inference/circuit-breaker.ts";
import type { InferenceClient } from "../inference/client.ts";
import { HostRefusedError, InvalidResponseError } from "../inference/errors.ts";
import type { Tensor, Tensors } from "../runtime/tensor.ts";
import { FEED_ACTIONS } from "./actions.ts";
import type { Candidate, FeedContext } from "./candidate.ts";
import { type HistoryToken, tokensOf } from "./history.ts";
import {
  FEED_ORIGIN_DEADLINE_MS,
  FEED_OVERFETCH,
  MAX_HISTORY_TOKENS,
  MAX_ORIGIN_EXCLUDED,
  MAX_ORIGIN_ITEMS,
} from "./limits.ts";
import { utilityOf } from "./utility.ts";

export const ORIGIN_MODEL = "unipinrec";

export interface OriginFeedOptions {
  /** Of the origin. */
  readonly inference: Pick<InferenceClient, "infer">;
  /** `unipinrec@revision`: that revision or none. @default the name alone: any */
  readonly model?: string;
  /** Milliseconds. @default FEED_ORIGIN_DEADLINE_MS */
  readonly deadlineMs?: number;
  /** Shared by all requests of an isolate. */
  readonly breaker: CircuitBreaker;
}

const OUTPUTS = ["ids", "probabilities", "similarities"] as const;

/** Refusals that speak of the request alone: such as a history of which the origin knows no item. */
const OWN_FAULT = new Set([400, 413, 422]);

export class OriginFeed {
  readonly #options: OriginFeedOptions;

  constructor(options: OriginFeedOptions) {
    this.#options = options;
  }

  get breaker(): CircuitBreaker {
    return this.#options.breaker;
  }

  /**
   * Candidates, best first; none for somebody who has done nothing.
   * @throws {CircuitOpenError} and what `InferenceClient.infer` throws
   */
  async run(context: FeedContext, wanted: number): Promise<Candidate[]> {
    const { inference, model = ORIGIN_MODEL, deadlineMs = FEED_ORIGIN_DEADLINE_MS, breaker } = this.#options;
    const { state, excluded, user, surface } = context;
    const tokens = tokensOf(state.actions, state.now, MAX_HISTORY_TOKENS);
    if (tokens.length === 0) return [];
    const limit = Math.min(MAX_ORIGIN_ITEMS, wanted * FEED_OVERFETCH);
    const inputs = {
      ...historyTensors(tokens),
      user: texts([await keyOf(user)]),
      now: { datatype: "INT64", shape: [1], data: BigInt64Array.of(BigInt(state.now)) },
      surface: texts([surface]),
      ...(excluded.size > 0 && { exclude: texts([...excluded].slice(0, MAX_ORIGIN_EXCLUDED)) }),
      limit: { datatype: "INT32", shape: [1], data: Int32Array.of(limit) },
    } satisfies Tensors;
    return breaker.run(
      async () => {
        const outputs = await inference.infer(model, inputs, { timeoutMs: deadlineMs, outputs: OUTPUTS });
        return candidatesOf(outputs, limit, model);
      },
      (error) => !(error instanceof HostRefusedError && OWN_FAULT.has(error.hostStatus)),
    );
  }
}

function historyTensors(tokens: readonly HistoryToken[]): Tensors {
  const actions = new Uint8Array(tokens.length * FEED_ACTIONS.length);
  for (const [at, token] of tokens.entries()) actions.set(token.actions, at * FEED_ACTIONS.length);
  const times = BigInt64Array.from(tokens, ({ at }) => BigInt(at));
  return {
    items: texts(tokens.map(({ item }) => item)),
    actions: { datatype: "UINT8", shape: [tokens.length, FEED_ACTIONS.length], data: actions },
    times: { datatype: "INT64", shape: [tokens.length], data: times },
    surfaces: texts(tokens.map(({ surface }) => surface)),
  };
}

/** @throws {InvalidResponseError} when the tensors are not what the model answers */
function candidatesOf(
  { ids, probabilities, similarities }: Tensors,
  limit: number,
  model: string,
): Candidate[] {
  if (ids?.datatype !== "BYTES" || probabilities?.datatype !== "FP32" || similarities?.datatype !== "FP32") {
    throw new InvalidResponseError("The ranked items are of other data types than agreed.");
  }
  const count = ids.data.length;
  const fits =
    probabilities.data.length === count * FEED_ACTIONS.length && similarities.data.length === count;
  if (!fits || count > limit) throw new InvalidResponseError("The ranked items and their scores do not fit.");
  const isProbability = (one: number) => one >= 0 && one <= 1;
  if (!probabilities.data.every(isProbability) || !similarities.data.every(Number.isFinite)) {
    throw new InvalidResponseError("The ranked items have scores that are none.");
  }
  const decoder = new TextDecoder();
  return ids.data.map((bytes, at) => {
    const id = ItemId.safeParse(decoder.decode(bytes));
    if (!id.success) throw new InvalidResponseError("The ranked items have ids that are none.");
    const own = probabilities.data.subarray(at * FEED_ACTIONS.length, (at + 1) * FEED_ACTIONS.length);
    return {
      id: id.data,
      path: "origin",
      probabilities: own,
      utility: utilityOf(own),
      similarity: similarities.data[at]!,
      model,
    };
  });
}

const encoder = new TextEncoder();

function texts(values: readonly string[]): Tensor {
  return { datatype: "BYTES", shape: [values.length], data: values.map((one) => encoder.encode(one)) };
}

/** The origin's cache knows people by a hash of their id: it needs to know no more. */
async function keyOf(user: string): Promise<string> {
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", encoder.encode(`corkboard-feed:${user}`)),
  );
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
