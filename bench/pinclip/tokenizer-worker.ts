/** Runs inside workerd: `POST /load` the text of a tokenizer.json, `POST /run?k=…` to tokenize a query k times. */
import { TextTokenizer } from "../../src/vision/text-tokenizer.ts";
import { query } from "./phrases.ts";
import { MAX_TOKENS, QUERIES } from "./tokenized.ts";

let tokenizer: TextTokenizer | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === "/load") {
      tokenizer = new TextTokenizer(await request.text(), { max_tokens: MAX_TOKENS });
      return new Response();
    }
    let tokens = 0;
    for (let at = 0; at < Number(searchParams.get("k")); at++) {
      tokens += tokenizer!.encode(query(at % QUERIES)).length;
    }
    return new Response(String(tokens));
  },
};
