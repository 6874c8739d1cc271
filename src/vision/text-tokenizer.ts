/** Text to token numbers, as a model's `tokenizer.json` says. */
import { Tokenizer } from "@huggingface/tokenizers";
import type { TextEmbeddingManifest } from "../runtime/manifest.ts";

/** Token numbers of one text, those that mark its ends included. */
export type Tokens = Int32Array<ArrayBuffer>;

export class TextTokenizer {
  readonly #tokenizer: Tokenizer;
  readonly #most: number;

  /**
   * @param json the text of a `tokenizer.json` of Hugging Face's tokenizers
   * @throws when it is none
   */
  constructor(json: string, { max_tokens }: Pick<TextEmbeddingManifest["text"], "max_tokens">) {
    this.#tokenizer = new Tokenizer(JSON.parse(json), {});
    this.#most = max_tokens;
  }

  /** At most `max_tokens` numbers: what is longer is cut before the last, which marks the end. */
  encode(text: string): Tokens {
    const { ids } = this.#tokenizer.encode(text);
    if (ids.length <= this.#most) return Int32Array.from(ids);
    return Int32Array.from([...ids.slice(0, this.#most - 1), ids.at(-1)!]);
  }
}
