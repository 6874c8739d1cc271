/**
 * `npx tsx bench/words/evaluate.ts`: 2,000 real pictures into `corkboard serve`, asked for by 100 queries in words,
 * once with nothing but their pictures and once with the titles that their shops gave. Writes
 * `bench/results/words.json` and the README's table.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SingleBar } from "cli-progress";
import { Corkboard, type SearchPage } from "../../src/client/index.ts";
import { startServe, temporaryFolder } from "../../test/api/serve.ts";
import { quoteInDocuments } from "../readme.ts";
import { itemsOf, type Labelled, labelledPictures } from "./catalogue.ts";
import { type Query, queriesOf } from "./queries.ts";

const K = 10;
const POLL_MS = 1_000;
const RESULTS = new URL("../results/words.json", import.meta.url);

interface Answer {
  readonly text: string;
  readonly kind: Query["kind"];
  /** How many pictures of the catalogue are right. */
  readonly relevant: number;
  /** Share of the first ten that is right. */
  readonly precision: number;
  /** The most that ten results can reach: below 1 where fewer than ten are right. */
  readonly reachable: number;
  readonly chance: number;
}

async function ask(pictures: readonly Labelled[], queries: readonly Query[], withTitles: boolean) {
  const folder = await temporaryFolder();
  const server = await startServe(join(folder.path, "state"), "--quiet");
  const bar = new SingleBar({ format: "{bar} {value} of {total} embedded" });
  try {
    const corkboard = new Corkboard({ baseUrl: server.origin });
    bar.start(pictures.length, 0);
    for await (const written of corkboard.items.batch(itemsOf(pictures, withTitles))) {
      if (!written.ok) throw new Error(`${written.id}: ${written.problem.detail}`);
    }
    for (;;) {
      const { states } = (await corkboard.catalog()).roles.item!;
      bar.update(states.embedded);
      if (states.failed > 0) throw new Error(`${states.failed} items failed`);
      if (states.embedded === pictures.length) break;
      await new Promise((done) => setTimeout(done, POLL_MS));
    }
    const runs: Record<"search" | "vectorsAlone", Answer[]> = { search: [], vectorsAlone: [] };
    for (const { text, kind, relevant } of queries) {
      const answerOf = ({ results }: SearchPage): Answer => ({
        ...{ text, kind, relevant: relevant.size },
        precision: results.filter(({ id }) => relevant.has(id)).length / K,
        reachable: Math.min(K, relevant.size) / K,
        chance: relevant.size / pictures.length,
      });
      const page = await corkboard.search({ text, limit: K });
      runs.search.push(answerOf(page));
      const { vector, model } = page.query;
      runs.vectorsAlone.push(answerOf(await corkboard.search({ vector, model, limit: K })));
    }
    return runs;
  } finally {
    bar.stop();
    await server.stop();
    await folder.remove();
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function row(name: string, answers: readonly Answer[]): string {
  const figure = (of: (answer: Answer) => number) => percent(mean(answers.map(of)));
  const none = answers.filter(({ precision }) => precision === 0).length;
  return (
    `| ${name} | ${answers.length} | ${figure(({ precision }) => precision)} | ` +
    `${figure(({ precision, reachable }) => precision / reachable)} | ${none} | ${figure(({ chance }) => chance)} |`
  );
}

function table(runs: Readonly<Record<string, readonly Answer[]>>): string {
  const rows = Object.entries(runs).flatMap(([name, answers]) => [
    ...(["category", "category and attribute"] as const).map((kind) =>
      row(
        `${name}: ${kind}`,
        answers.filter((answer) => answer.kind === kind),
      ),
    ),
    row(`**${name}: all**`, answers),
  ]);
  const heading =
    "| catalogue: queries | queries | precision@10 | of what ten can reach | with no hit | by chance |";
  return [heading, "|---|---|---|---|---|---|", ...rows].join("\n");
}

const pictures = await labelledPictures();
const queries = queriesOf(pictures);
console.error(`${pictures.length} pictures, ${queries.length} queries`);
const { search: withoutTitles } = await ask(pictures, queries, false);
const { search, vectorsAlone } = await ask(pictures, queries, true);
const runs = {
  "pictures alone": withoutTitles,
  "with the shops' titles, vectors alone": vectorsAlone,
  "with the shops' titles": search,
};
const text = table(runs);
console.log(`\n${text}\n`);
await writeFile(RESULTS, `${JSON.stringify({ bench: "words", pictures: pictures.length, runs }, null, 2)}\n`);
await quoteInDocuments("words", text);
