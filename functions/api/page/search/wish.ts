/** What an address asks for beside a picture: words, how much they count, and what results are not to be like. */
import type { Unlike } from "../../../../src/client/index.ts";
import { withParams } from "../route.ts";

/** Parameters of an address. `not` may come several times. */
const WORDS = "q";
const BALANCE = "balance";
const NOT = "not";

/** As many as the API takes. */
export const MAX_UNLIKE = 8;

/** Words and picture count the same. */
export const EVEN = 0.5;

export interface Wish {
  readonly words: string | undefined;
  /** Share of the picture beside the words, 0 … 1. */
  readonly balance: number;
  /** Ids of items. */
  readonly unlike: readonly string[];
}

export function wishOf(params: URLSearchParams): Wish {
  const words = params.get(WORDS)?.trim();
  const balance = Number(params.get(BALANCE) ?? EVEN);
  // What results are not to be like only turns away from something that they are to be like.
  const bySomething = Boolean(words) || params.has("like") || params.has("picture");
  return {
    words: words ? words : undefined,
    balance: balance >= 0 && balance <= 1 ? balance : EVEN,
    unlike: bySomething ? [...new Set(params.getAll(NOT))].filter(Boolean).slice(0, MAX_UNLIKE) : [],
  };
}

export function withWords(params: URLSearchParams, words: string): URLSearchParams {
  return withParams(params, { [WORDS]: words.trim(), open: undefined });
}

export function withBalance(params: URLSearchParams, balance: number): URLSearchParams {
  return withParams(params, { [BALANCE]: balance === EVEN ? undefined : String(balance), open: undefined });
}

export function withUnlike(params: URLSearchParams, ids: readonly string[]): URLSearchParams {
  const changed = withParams(params, { [NOT]: undefined, open: undefined });
  for (const id of ids) changed.append(NOT, id);
  return changed;
}

/** The same address without any of it. */
export const NO_WISH = { [WORDS]: undefined, [BALANCE]: undefined, [NOT]: undefined } as const;

/** The wish as the API takes it. @param beside whether there is a picture or an item, too */
export function wishQuery({ words, balance, unlike }: Wish, beside: boolean) {
  const weights = { text: 2 * (1 - balance), image: 2 * balance };
  const nots = unlike.map((item): Unlike => ({ item }));
  return {
    ...(words !== undefined && { text: words }),
    ...(words !== undefined && beside && balance !== EVEN && { weights }),
    ...(nots.length > 0 && { unlike: nots }),
  };
}
