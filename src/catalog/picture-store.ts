/** Pictures of items by content, in R2. */
import { readHeader } from "../media/header.ts";
import { checkByteLength, checkHeader } from "../media/limits.ts";
import { sha256Hex } from "../media/sha256.ts";
import { PictureNotStoredError, PictureStoreUnavailableError } from "./errors.ts";
import type { ItemImage, NewPicture, Sha256 } from "./item.ts";

/** What is used of an R2 bucket. */
export interface PictureBucket {
  head(
    key: string,
  ): Promise<{ readonly size: number; readonly httpMetadata?: { contentType?: string } } | null>;
  get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>;
  put(
    key: string,
    value: Uint8Array,
    options: { sha256: string; httpMetadata: { contentType: string; cacheControl: string } },
  ): Promise<unknown>;
}

/** The bucket's key of a picture. Its content never changes. */
export function pictureKey(sha256: Sha256): string {
  return `pictures/${sha256}`;
}

/** Stores pictures by their SHA-256, once each. Nothing is deleted: another item may show the same picture. */
export class PictureStore {
  readonly #bucket: PictureBucket;

  constructor(bucket: PictureBucket) {
    this.#bucket = bucket;
  }

  /**
   * Stores a new picture's bytes, if it has any; answers what an item keeps of it. When this has answered, the
   * picture is safe.
   * @throws Problems of `src/media` for what is no picture, or too large a one; {PictureNotStoredError}
   */
  async admit(picture: NewPicture): Promise<ItemImage> {
    const { url } = picture;
    const origin = url === undefined ? {} : { url };
    if ("bytes" in picture) return { ...origin, ...(await this.put(picture.bytes)) };
    if ("sha256" in picture) return { ...origin, ...(await this.#describe(picture.sha256)) };
    return origin;
  }

  /** @throws Problems of `src/media` */
  async put(bytes: Uint8Array): Promise<ItemImage & { sha256: Sha256 }> {
    checkByteLength(bytes.length);
    const header = readHeader(bytes);
    checkHeader(header);
    const sha256 = await sha256Hex(bytes);
    const key = pictureKey(sha256);
    const type = `image/${header.format}`;
    if (!(await this.#try(this.#bucket.head(key)))) {
      const cacheControl = "public, max-age=31536000, immutable";
      await this.#try(
        this.#bucket.put(key, bytes, { sha256, httpMetadata: { contentType: type, cacheControl } }),
      );
    }
    return { sha256, bytes: bytes.length, type };
  }

  async get(sha256: Sha256): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const object = await this.#try(this.#bucket.get(pictureKey(sha256)));
    return object ? new Uint8Array(await this.#try(object.arrayBuffer())) : undefined;
  }

  async #describe(sha256: Sha256): Promise<ItemImage> {
    const found = await this.#try(this.#bucket.head(pictureKey(sha256)));
    if (!found) throw new PictureNotStoredError(sha256);
    const type = found.httpMetadata?.contentType;
    return { sha256, bytes: found.size, ...(type && { type }) };
  }

  async #try<Result>(result: Promise<Result>): Promise<Result> {
    try {
      return await result;
    } catch (error) {
      throw new PictureStoreUnavailableError(error);
    }
  }
}
