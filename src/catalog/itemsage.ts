/**
 * An item's pictures and texts to the one vector that every query finds ("ItemSage", arXiv 2205.11728): pictures'
 * queries in both picture encoders' spaces, and words.
 */
import { Problem } from "../problem.ts";
import type { ItemEmbeddingManifest, ItemField } from "../runtime/manifest.ts";
import type { Tensor, Tensors } from "../runtime/tensor.ts";
import {
  type Embedding,
  type EmbedOptions,
  type Inference,
  inferOwn,
  UnexpectedOutputError,
} from "../vision/unified-embedding.ts";
import { ngramIds } from "./ngrams.ts";

/** What is known of one picture of an item: its vectors of unit length by both picture encoders. */
export interface ItemPicture {
  readonly unified: Embedding;
  readonly pinclip: Embedding;
}

/** What an item's vector is made of. Pictures or texts may be missing, not both; an empty text is a missing one. */
export interface ItemContent {
  readonly pictures: readonly ItemPicture[];
  readonly texts: Readonly<Partial<Record<ItemField, string>>>;
}

/** The one thing asked of the text encoder. */
export interface WordEmbedder {
  /** Vectors of unit length of texts that are not empty, in their order. */
  embed(
    texts: readonly string[],
    options?: EmbedOptions,
  ): Promise<{ readonly embeddings: readonly Embedding[] }>;
}

/** Items of one inference: their tensors are some 25 kB each. */
export const MAX_ITEMS = 64;

/** Vectors may be this far from unit length: the model computes in fp32. */
const UNIT_TOLERANCE = 1e-3;

/** There is nothing to make a vector of. */
export class EmptyItemError extends Problem {
  constructor() {
    super({
      status: 422,
      code: "empty-item",
      title: "The item has neither a picture nor a text",
      detail: "An item's vector is made of its pictures, title, description, category and attributes.",
      hint: "Give the item a picture or a title.",
    });
  }
}

/**
 * Embeds items with an item-embedding model.
 *
 * @example
 * ```ts
 * const embedder = new ItemEmbedder(manifest, inference, pinclip.text);
 * const [vector] = await embedder.embed([{ pictures: [{ unified, pinclip }], texts: { title: "Red dress" } }]);
 * ```
 */
export class ItemEmbedder {
  readonly manifest: ItemEmbeddingManifest;
  readonly #inference: Inference;
  readonly #text: WordEmbedder;

  /** @param text the text encoder that the manifest names */
  constructor(manifest: ItemEmbeddingManifest, inference: Inference, text: WordEmbedder) {
    this.manifest = manifest;
    this.#inference = inference;
    this.#text = text;
  }

  /**
   * Vectors of up to {@link MAX_ITEMS} items, in their order, of unit length.
   * @throws {EmptyItemError}
   * @throws {RangeError} for too many items, too many pictures of one, or vectors of another length than the model's
   * @throws {UnexpectedOutputError} and the inference client's problems
   */
  async embed(items: readonly ItemContent[], options: EmbedOptions = {}): Promise<Embedding[]> {
    if (items.length === 0) return [];
    if (items.length > MAX_ITEMS) throw new RangeError(`${items.length} items are more than ${MAX_ITEMS}`);
    const inputs = await this.#inputs(items, options);
    const { output } = this.manifest;
    const outputs = [output.name];
    const answer = await inferOwn(this.#inference, this.manifest, inputs, { outputs, ...options });
    return this.#units(answer[output.name], items.length);
  }

  async #inputs(items: readonly ItemContent[], options: EmbedOptions): Promise<Tensors> {
    const { fields, max_pictures: most, ngrams: longest } = this.manifest.item;
    const [pictureWidth, textWidth] = this.manifest.inputs.map(({ shape }) => shape.at(-1)!) as [
      number,
      number,
    ];
    const words = await this.#words(items, options);
    const pictures = new Float32Array(items.length * most * pictureWidth);
    const texts = new Float32Array(items.length * fields.length * textWidth);
    const ngrams = new Int32Array(items.length * fields.length * longest);
    for (const [at, item] of items.entries()) {
      if (item.pictures.length > most) {
        throw new RangeError(`an item has ${item.pictures.length} pictures, more than ${most}`);
      }
      if (item.pictures.length === 0 && !fields.some((field) => item.texts[field]))
        throw new EmptyItemError();
      for (const [row, { unified, pinclip }] of item.pictures.entries()) {
        if (unified.length + pinclip.length !== pictureWidth) {
          throw new RangeError(`a picture has ${unified.length} + ${pinclip.length} components`);
        }
        const place = (at * most + row) * pictureWidth;
        pictures.set(unified, place);
        pictures.set(pinclip, place + unified.length);
      }
      for (const [row, field] of fields.entries()) {
        const text = item.texts[field];
        if (!text) continue;
        const place = at * fields.length + row;
        texts.set(words.get(text)!, place * textWidth);
        ngrams.set(ngramIds(text, longest), place * longest);
      }
    }
    return {
      pictures: { datatype: "FP32", shape: [items.length, most, pictureWidth], data: pictures },
      texts: { datatype: "FP32", shape: [items.length, fields.length, textWidth], data: texts },
      ngrams: { datatype: "INT32", shape: [items.length, fields.length, longest], data: ngrams },
    };
  }

  /** The text encoder's vector of every different text. */
  async #words(items: readonly ItemContent[], options: EmbedOptions): Promise<Map<string, Embedding>> {
    const different = new Set<string>();
    for (const { texts } of items) {
      for (const field of this.manifest.item.fields) {
        const text = texts[field];
        if (text) different.add(text);
      }
    }
    if (different.size === 0) return new Map();
    const wanted = [...different];
    const { embeddings } = await this.#text.embed(wanted, options);
    return new Map(wanted.map((text, at) => [text, embeddings[at]!]));
  }

  #units(tensor: Tensor | undefined, count: number): Embedding[] {
    const { name, output } = this.manifest;
    const expected = [count, output.dimensions].join();
    if (tensor?.datatype !== "FP32" || tensor.shape.join() !== expected) {
      const got = tensor ? `${tensor.datatype} [${tensor.shape.join(", ")}]` : "missing";
      throw new UnexpectedOutputError(name, `${output.name} is ${got}, not FP32 [${expected}]`);
    }
    return Array.from({ length: count }, (_, at) => {
      const row = tensor.data.slice(at * output.dimensions, (at + 1) * output.dimensions) as Embedding;
      // A norm that is not a number fails this too.
      if (!(Math.abs(Math.hypot(...row) - 1) <= UNIT_TOLERANCE)) {
        throw new UnexpectedOutputError(name, `${output.name} is not of unit length`);
      }
      return row;
    });
  }
}
