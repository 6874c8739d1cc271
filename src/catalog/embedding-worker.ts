/** Embeds what waits: takes messages from the queue, items from their shards, and brings vectors back. */
import { Problem } from "../problem.ts";
import type { Embedding } from "../vision/unified-embedding.ts";
import type { Catalog } from "./catalog.ts";
import type { ItemImage, Sha256 } from "./item.ts";
import type { ItemWords } from "./item-words.ts";
import { EmbeddingMessage } from "./shard/messages.ts";
import type { Claim, Embedded, EmbeddingTarget, Failure, Space, Wanted } from "./shard/protocol.ts";
import { DIMENSIONS } from "./vector-index.ts";

/** A picture to embed: its bytes, or where to fetch them. */
export type PictureSource =
  | { readonly sha256: Sha256; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly url: string };

export interface EmbeddedPicture {
  /** Of the catalogue's model, unit length. */
  readonly vector: Embedding;
  /** Of the companion space, unit length, when it was wanted; or why there is none, while `vector` is well. */
  readonly companion?: Embedding | Error | undefined;
  /** The look category that a model sees in the picture, one of the catalogue's. @default it does not say */
  readonly look?: string | undefined;
  /** What was fetched from an address: it is stored, so that the item keeps its picture when the address dies. */
  readonly bytes?: Uint8Array;
}

/**
 * Decodes and embeds one picture; one look at it serves all that is wanted. A `Problem` with a status of 4xx (but 408, 425, 429) says that this picture will
 * never work; any other error is taken for a passing one.
 */
export type EmbedPicture = (
  picture: PictureSource,
  wanted: Wanted,
  target: EmbeddingTarget,
) => Promise<EmbeddedPicture>;

/** An item whose words and picture get one vector. */
export interface ItemContent {
  readonly picture: PictureSource;
  readonly words: ItemWords;
}

/** Embeds an item's picture and words together; errors mean what those of {@link EmbedPicture} mean. */
export type EmbedItem = (
  item: ItemContent,
  space: Space,
) => Promise<Pick<EmbeddedPicture, "vector" | "bytes">>;

/** What is used of a message of a queue. */
export interface QueueMessage {
  readonly body: unknown;
  ack(): void;
  retry(options?: { delaySeconds?: number }): void;
}

/** Pictures in work at a time: the decoder takes one after the other, meanwhile others are fetched or inferred. */
export const EMBEDS_AT_ONCE = 4;

/**
 * Items in work at a time, each with two looks at its picture and a run of the text model for every field. The models
 * are behind one thread, so that more at a time end no sooner; four of them locked up the local runtime on two cores.
 */
export const ITEMS_AT_ONCE = 1;

/** A shard that does not answer is back within this time, as a rule. */
const RETRY_SECONDS = 10;

const PASSING_STATUSES = new Set([408, 425, 429]);

/**
 * Handles a batch of the queue. A message is a hint: which of its items really wait, the shard decides, so that a
 * message that comes twice embeds nothing twice, and one that is lost is sent again by the shard.
 *
 * @example
 * ```ts
 * export default {
 *   queue: (batch, env) => consume(catalogOf(env), batch.messages, embedPicture),
 * };
 * ```
 */
export async function consume(
  catalog: Catalog,
  messages: readonly QueueMessage[],
  embed: EmbedPicture,
  embedItem?: EmbedItem,
): Promise<void> {
  const limit = gate(EMBEDS_AT_ONCE);
  const limitItems = gate(ITEMS_AT_ONCE);
  await Promise.all(
    messages.map(async (message) => {
      try {
        await handle(catalog, message.body, {
          picture: (claim, target) => limit(() => work(catalog, claim, target, embed)),
          item:
            embedItem && ((claim, target) => limitItems(() => workOnItem(catalog, claim, target, embedItem))),
        });
        message.ack();
      } catch (error) {
        console.warn("embedding:", error);
        message.retry({ delaySeconds: RETRY_SECONDS });
      }
    }),
  );
}

/** One of both, or both: a vector can be well while its companion is not. */
interface Outcome {
  readonly embedded?: Embedded;
  readonly failure?: Failure;
}

async function handle(
  catalog: Catalog,
  body: unknown,
  runs: { readonly picture: Run; readonly item: Run | undefined },
): Promise<void> {
  const message = EmbeddingMessage.safeParse(body);
  // Of no use, now or later: not ours, or of a revision that this program does not have.
  if (!message.success) return;
  const target = catalog.targetOf(message.data.space);
  const run = target?.role === "item" ? runs.item : runs.picture;
  if (!run || !target) return;
  for (const [shard, ids] of catalog.shards.groups(message.data.ids)) {
    const claims = await catalog.shards.at(shard, (stub) => stub.claim(ids, target));
    const outcomes = await Promise.all(claims.map((claim) => run(claim, target)));
    const embedded = outcomes.flatMap((outcome) => outcome.embedded ?? []);
    const failures = outcomes.flatMap((outcome) => outcome.failure ?? []);
    if (embedded.length > 0) await catalog.shards.at(shard, (stub) => stub.finish(embedded, target));
    if (failures.length > 0) await catalog.shards.at(shard, (stub) => stub.fail(failures, target));
  }
}

type Run = (claim: Claim, target: EmbeddingTarget) => Promise<Outcome>;

async function workOnItem(
  catalog: Catalog,
  claim: Claim,
  target: EmbeddingTarget,
  embed: EmbedItem,
): Promise<Outcome> {
  const { id, image, words } = claim;
  try {
    const { vector, bytes } = await embed({ picture: await sourceOf(catalog, image), words }, target);
    checkVector(vector, target);
    const fetched = bytes && (await catalog.pictures.put(bytes));
    return { embedded: { id, image, fetched, vector, words } };
  } catch (error) {
    return { failure: { ...failureOf(claim, error), words } };
  }
}

function failureOf({ id, image }: Claim, error: unknown, wanted?: Wanted): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  return { id, image, reason, permanent: isPermanent(error), ...(wanted && { wanted }) };
}

async function work(
  catalog: Catalog,
  claim: Claim,
  target: EmbeddingTarget,
  embed: EmbedPicture,
): Promise<Outcome> {
  const { id, image, wanted } = claim;
  try {
    const source = await sourceOf(catalog, image);
    const { vector, companion, look, bytes } = await embed(source, wanted, target);
    checkVector(vector, target);
    const fetched = bytes && (await catalog.pictures.put(bytes));
    const broken = wanted.companion ? brokenCompanion(companion, target.companion!) : undefined;
    const embedded = {
      id,
      image,
      fetched,
      ...(wanted.vector && { vector, look: look && target.looks?.includes(look) ? look : undefined }),
      ...(wanted.companion && !broken && { companion: companion as Embedding }),
    };
    if (!broken) return { embedded };
    return { embedded, failure: failureOf(claim, broken, { vector: false, companion: true }) };
  } catch (error) {
    return { failure: failureOf(claim, error, wanted) };
  }
}

/** Why a companion vector cannot be kept; nothing when it can. */
function brokenCompanion(companion: Embedding | Error | undefined, space: Space): Error | undefined {
  if (companion instanceof Error) return companion;
  try {
    checkVector(companion ?? new Float32Array(), space);
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** @throws Error when it is not one of the space's */
function checkVector(vector: Embedding, { model, dimensions = DIMENSIONS }: Space): void {
  if (vector.length === dimensions && vector.every(Number.isFinite)) return;
  throw new Error(`${model} answered ${vector.length} components, not ${dimensions} finite ones`);
}

async function sourceOf(catalog: Catalog, { sha256, url }: ItemImage): Promise<PictureSource> {
  const bytes = sha256 === undefined ? undefined : await catalog.pictures.get(sha256);
  if (sha256 !== undefined && bytes) return { sha256, bytes };
  if (url !== undefined) return { url };
  throw new Error(`the picture ${sha256} is not in the store`);
}

function isPermanent(error: unknown): boolean {
  return (
    error instanceof Problem &&
    error.status >= 400 &&
    error.status < 500 &&
    !PASSING_STATUSES.has(error.status)
  );
}

/** Runs at most `size` tasks at a time, in the order of asking. */
function gate(size: number): <Result>(task: () => Promise<Result>) => Promise<Result> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running === size) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
