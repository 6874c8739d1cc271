/** All vectors of items' pictures and words together, page by page, and by what to see that none has changed. */
import { z } from "zod";
import { sha256 } from "../runtime/integrity.ts";
import { decodeCursor, encodeCursor } from "./cursor.ts";
import { InvalidCursorError, NoItemSpaceError } from "./errors.ts";
import { ItemId } from "./item.ts";
import type { Space, VectorList } from "./shard/protocol.ts";
import type { Shards } from "./shards.ts";

/** Hex digits of a revision. */
const REVISION_DIGITS = 16;

/** A page ends within a shard: its number, and the last id. */
const VectorCursor = z.tuple([
  z.literal("vectors"),
  z.string().min(1).max(64),
  z.int().min(0),
  z.union([ItemId, z.literal("")]),
]);

export interface ListedVectors extends VectorList {
  /** Of which the vectors are. */
  readonly space: Space;
  /** Cursor of the next page; none after the last. */
  readonly next?: string | undefined;
}

export interface VectorListingOptions {
  readonly shards: Shards;
  /** The space of items that is searched now. */
  serving(): Promise<Space | undefined>;
  /** All spaces of items whose models are here. */
  readonly spaces: readonly Space[];
}

export class VectorListing {
  readonly #options: VectorListingOptions;

  constructor(options: VectorListingOptions) {
    this.#options = options;
  }

  /**
   * Names the vectors that there are now: another one as soon as a vector is added, replaced or removed.
   * @throws {NoItemSpaceError} {CatalogUnavailableError}
   */
  async revision(): Promise<string> {
    const space = await this.#serving();
    const changes = await this.#options.shards.all((shard) => shard.vectorChanges(space));
    const source = JSON.stringify([space.model, space.revision, changes]);
    return (await sha256(new TextEncoder().encode(source))).slice(0, REVISION_DIGITS);
  }

  /**
   * Shard after shard, each in the order of ids. All pages are of the space in which the first began. What is written
   * meanwhile may be there or not.
   * @param limit 1 or more
   * @throws {NoItemSpaceError} {InvalidCursorError} {CatalogUnavailableError}
   */
  async page(cursor: string | undefined, limit: number): Promise<ListedVectors> {
    const { shards } = this.#options;
    const begun = cursor === undefined ? undefined : decodeCursor(cursor, VectorCursor);
    const space = begun ? this.#known(begun[1]) : await this.#serving();
    let [shard, after] = begun ? [begun[2], begun[3]] : [0, ""];
    if (shard >= shards.count) throw new InvalidCursorError("The cursor is of another catalogue.");
    for (; ; shard++, after = "") {
      const list = await shards.at(shard, (stub) => stub.listVectors(after, limit, space));
      const last = shard === shards.count - 1;
      if (list.ids.length === 0 && !last) continue;
      const place = list.more ? [shard, list.ids.at(-1)] : last ? undefined : [shard + 1, ""];
      return { ...list, space, next: place && encodeCursor(["vectors", space.revision, ...place]) };
    }
  }

  async #serving(): Promise<Space> {
    const space = await this.#options.serving();
    if (!space) throw new NoItemSpaceError();
    return space;
  }

  #known(revision: string): Space {
    const space = this.#options.spaces.find((one) => one.revision === revision);
    if (!space) throw new InvalidCursorError("The vectors that it began with are gone; begin again.");
    return space;
  }
}
