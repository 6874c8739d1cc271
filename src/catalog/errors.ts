/** Errors of the catalogue, as callers see them. */
import { Problem } from "../problem.ts";

export class ItemNotFoundError extends Problem {
  constructor(id: string) {
    super({
      status: 404,
      code: "item-not-found",
      title: "There is no such item",
      detail: `The catalogue has no item ${id}.`,
      hint: "Check the id, or write the item with PUT.",
    });
  }
}

export class VersionConflictError extends Problem {
  /** The version that the item has; 0 when there is none. */
  readonly version: number;

  constructor(id: string, version: number) {
    super({
      status: 412,
      code: "version-conflict",
      title: "The item has another version",
      detail: version === 0 ? `There is no item ${id}.` : `Item ${id} has version ${version}.`,
      hint: "Read the item again and repeat the change on what it is now.",
    });
    this.version = version;
  }
}

export class PictureMissingError extends Problem {
  constructor(id: string) {
    super({
      status: 400,
      code: "picture-missing",
      title: "A new item needs a picture",
      detail: `Item ${id} is new and came without a picture.`,
      hint: "Send `image` as a data-URL or an http(s) address.",
    });
  }
}

/** The item refers to a picture that the store does not hold. */
export class PictureNotStoredError extends Problem {
  constructor(sha256: string) {
    super({
      status: 400,
      code: "picture-not-stored",
      title: "The picture is not in the store",
      detail: `No picture with the sha256 ${sha256} was ever sent.`,
      hint: "Send the picture itself.",
    });
  }
}

export class PictureStoreUnavailableError extends Problem {
  constructor(cause: unknown) {
    super({
      status: 503,
      code: "picture-store-unavailable",
      title: "The picture store does not answer",
      detail: "The picture could not be read or written.",
      hint: "Try again in a moment.",
      retryAfter: 2,
      cause,
    });
  }
}

export class ShardFullError extends Problem {
  constructor(limit: number) {
    super({
      status: 507,
      code: "shard-full",
      title: "The catalogue is full",
      detail: `The shard of this item holds ${limit} items.`,
      hint: "Export the catalogue and import it into a deployment with more shards.",
    });
  }
}

/** A shard does not answer. What it holds would be missing from any answer, so there is none. */
export class CatalogUnavailableError extends Problem {
  constructor(shard: number, cause: unknown) {
    super({
      status: 503,
      code: "catalog-unavailable",
      title: "Part of the catalogue does not answer",
      detail: `Shard ${shard} does not answer.`,
      hint: "Try again in a moment; writes that were answered are safe.",
      retryAfter: 2,
      cause,
    });
  }
}

/** The item cannot be searched by, because its picture has no vector. */
export class NotEmbeddedError extends Problem {
  constructor(id: string) {
    super({
      status: 409,
      code: "item-not-embedded",
      title: "The item has no embedding yet",
      detail: `Item ${id} waits to be embedded, or its picture could not be.`,
      hint: "Look at the item's state; search again once it is `embedded`.",
    });
  }
}

/** The catalogue keeps no vectors for what goes together. */
export class NoCompanionError extends Problem {
  constructor() {
    super({
      status: 501,
      code: "no-compatibility-model",
      title: "Looks cannot be completed here",
      detail: "The catalogue keeps no vectors that say what goes together.",
      hint: "Deploy a look-compatibility model for the embedding model that is served.",
    });
  }
}

/** The catalogue keeps no vectors of items' words and pictures together. */
export class NoItemSpaceError extends Problem {
  constructor() {
    super({
      status: 501,
      code: "text-search-not-supported",
      title: "Items cannot be searched by words here",
      detail: "The catalogue keeps no vectors that words are near.",
      hint: "Deploy an item-embedding model and the models that it was made for; or search by `image`, `item` or `vector`.",
    });
  }
}

export class InvalidCursorError extends Problem {
  constructor(detail: string) {
    super({
      status: 400,
      code: "invalid-cursor",
      title: "The cursor is not valid here",
      detail,
      hint: "Send `next` of the page before, unchanged, with the same query.",
    });
  }
}

/** A line of a batch is not an item. */
export class InvalidLineError extends Problem {
  constructor(detail: string) {
    super({
      status: 400,
      code: "invalid-line",
      title: "The line is not an item",
      detail,
      hint: "Write one JSON object a line, with an id and the fields of an item.",
    });
  }
}

/** The text that stands for a picture is none of those that are understood. */
export class InvalidImageError extends Problem {
  constructor() {
    super({
      status: 400,
      code: "invalid-image",
      title: "The image is not a picture",
      detail: "The image is neither a data-URL, nor an http(s) address, nor the sha256 of a stored picture.",
      hint: "Write data:image/jpeg;base64,…, https://…, or sha256: and 64 hex digits.",
    });
  }
}
