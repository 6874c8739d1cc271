/** A query of four words to token numbers. */
import { readFile } from "node:fs/promises";
import { Miniflare } from "miniflare";
import { TextTokenizer } from "../../src/vision/text-tokenizer.ts";
import { type Bench, type Contender, runCase } from "../bench.ts";
import type { Section } from "../report.ts";
import { COMPATIBILITY_DATE, workerModules } from "../workerd/worker-modules.ts";
import { repeated } from "./network.ts";
import { query } from "./phrases.ts";
import { IN_NODE, OURS } from "./subjects.ts";
import { MAX_TOKENS, QUERIES } from "./tokenized.ts";

const TOKENIZER = new URL("../../models/pinclip-text/tokenizer.json", import.meta.url);

export const tokenizer: Section = {
  name: "tokenizer",
  run(rounds) {
    const bench: Bench = { title: "", unit: "ms", ours: OURS, cases: async () => [] };
    const subjects = { [OURS]: inWorkerd, [IN_NODE]: inNode };
    return runCase({ name: "tokenizer: a query of four words", subjects }, bench, rounds);
  },
};

async function inNode(): Promise<Contender> {
  const tokenizer = new TextTokenizer(await readFile(TOKENIZER, "utf8"), { max_tokens: MAX_TOKENS });
  return repeated(async (k) => {
    const start = performance.now();
    for (let at = 0; at < k; at++) tokenizer.encode(query(at % QUERIES));
    return (performance.now() - start) / k;
  });
}

/** The clock is outside: a request of `k` queries against the same request of none. */
async function inWorkerd(): Promise<Contender> {
  const modules = await workerModules(new URL("tokenizer-worker.ts", import.meta.url));
  const workerd = new Miniflare({ compatibilityDate: COMPATIBILITY_DATE, ...modules });
  const post = async (path: string, body: string) => {
    const start = performance.now();
    const response = await workerd.dispatchFetch(`http://workerd${path}`, { method: "POST", body });
    if (!response.ok) throw new Error(await response.text());
    await response.text();
    return performance.now() - start;
  };
  await post("/load", await readFile(TOKENIZER, "utf8"));
  const timed = await repeated(
    async (k) => ((await post(`/run?k=${k}`, "")) - (await post("/run?k=0", ""))) / k,
  );
  return { ...timed, close: () => workerd.dispose() };
}
