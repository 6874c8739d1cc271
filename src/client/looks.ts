/** What is in a picture, what of it can be bought, and what goes with it. */
import { formOf } from "./pictures.ts";
import type { CallOptions, Transport } from "./transport.ts";
import type {
  CompletedLook,
  CompleteOptions,
  Detection,
  DetectOptions,
  PictureLike,
  ShopOptions,
  ShoppableScene,
} from "./types.ts";

export class Looks {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The objects of a picture, the most certain first. */
  detect(image: PictureLike, options: DetectOptions = {}, call?: CallOptions): Promise<Detection> {
    return this.#ask("/v1/detect", image, options, call);
  }

  /** The objects of a picture, each with products that look like it. */
  shop(image: PictureLike, options: ShopOptions = {}, call?: CallOptions): Promise<ShoppableScene> {
    return this.#ask("/v1/shop-the-look", image, options, call);
  }

  /** Products that go with what is in a picture. */
  complete(image: PictureLike, options: CompleteOptions = {}, call?: CallOptions): Promise<CompletedLook> {
    return this.#ask("/v1/complete-the-look", image, options, call);
  }

  #ask<Answer>(path: string, image: PictureLike, options: object, call?: CallOptions): Promise<Answer> {
    // Lists of names are text with commas in forms.
    const fields = Object.entries(options).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join() : value,
    ]);
    const body = formOf([image], Object.fromEntries(fields));
    return this.#transport.json({ method: "POST", path, body, ...call });
  }
}
