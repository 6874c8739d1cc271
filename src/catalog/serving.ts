/** Which vectors answer: those of the current models, or older ones until the current ones have embedded everything. */
import type { Completeness, EmbeddingTarget, Role, Space } from "./shard/protocol.ts";
import type { Shards } from "./shards.ts";

/** The spaces that are searched. */
export interface Serving {
  readonly picture: Space;
  readonly look: Space | undefined;
  readonly item: Space | undefined;
}

/** The same spaces as what items are embedded into. */
export function servingTarget({ picture, look, item }: Serving): EmbeddingTarget {
  return { ...picture, companion: look, item };
}

/** Milliseconds for which it is not asked again. */
export const SERVING_KNOWN_FOR_MS = 2_000;

/** Spaces of every role, the current one first. */
export type Candidates = Readonly<Record<Role, readonly Space[]>>;

/** Asks the shards only where there are older spaces, and no more once the current ones are complete. */
export class ServingSpaces {
  readonly #shards: Shards;
  readonly #target: EmbeddingTarget;
  readonly #candidates: Candidates;
  #known: { readonly serving: Serving; readonly until: number } | undefined;

  constructor(shards: Shards, target: EmbeddingTarget, candidates: Candidates) {
    this.#shards = shards;
    this.#target = target;
    this.#candidates = candidates;
    const { picture, look, item } = candidates;
    const current = { picture: picture[0]!, look: look[0], item: item[0] };
    const migrates = [picture, look, item].some(({ length }) => length > 1);
    if (!migrates) this.#known = { serving: current, until: Number.POSITIVE_INFINITY };
  }

  /** @throws {CatalogUnavailableError} */
  async now(): Promise<Serving> {
    if (this.#known && Date.now() < this.#known.until) return this.#known.serving;
    const { picture, look, item } = this.#candidates;
    const all = [...picture, ...look, ...item];
    const answers = await this.#shards.all((shard) => shard.completeness(all, this.#target));
    const chosen = (from: readonly Space[], first: number) =>
      choose(
        from,
        from.map((_, at) => answers.map((shard) => shard[first + at]!)),
      );
    const serving = {
      picture: chosen(picture, 0)!,
      look: chosen(look, picture.length),
      item: chosen(item, picture.length + look.length),
    };
    const done = serving.picture === picture[0] && serving.look === look[0] && serving.item === item[0];
    this.#known = {
      serving,
      // What is complete stays so.
      until: done ? Number.POSITIVE_INFINITY : Date.now() + SERVING_KNOWN_FOR_MS,
    };
    return serving;
  }
}

/** The newest that is complete in every shard; where none is, the oldest that any shard knows. */
function choose(
  spaces: readonly Space[],
  completeness: readonly (readonly Completeness[])[],
): Space | undefined {
  const complete = spaces.find((_, at) => completeness[at]!.every((one) => one === "complete"));
  if (complete) return complete;
  return spaces.findLast((_, at) => completeness[at]!.some((one) => one !== "unknown")) ?? spaces[0];
}
