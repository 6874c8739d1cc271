/** `corkboard ingest`: a folder of pictures or a list of products into a catalogue. */
import { Command, InvalidArgumentError } from "commander";
import type { Corkboard } from "../client/index.ts";
import { type ConnectionOptions, connect, withConnection } from "./connection.ts";
import { listFolder } from "./ingest/folder.ts";
import { Journal } from "./ingest/journal.ts";
import { listCsv, listNdjson } from "./ingest/products.ts";
import { ingest, type Summary } from "./ingest/run.ts";
import { kindOf } from "./ingest/source.ts";
import { startProgress } from "./progress.ts";

interface IngestCommandOptions extends ConnectionOptions {
  readonly size: number;
  readonly concurrency: number;
  readonly journal?: string;
  readonly wait: boolean;
}

const LISTS = { folder: listFolder, csv: listCsv, ndjson: listNdjson } as const;

/** As shells say that a program was ended by Ctrl-C. */
const INTERRUPTED = 130;

/** Failures that are printed; all are counted. */
const MAX_PRINTED_FAILURES = 20;

const MAX_SIZE = 400;
const MAX_CONCURRENCY = 16;

/** How often `--wait` looks. */
const WAIT_POLL_MS = 1_000;

export function ingestCommand(): Command {
  return withConnection(new Command("ingest"))
    .description("Put a folder of pictures, or a list of products, into a catalogue.")
    .argument("<source>", "a folder, products.csv, or products.ndjson")
    .option("--size <items>", "items of one request", numberUpTo(MAX_SIZE), 32)
    .option("--concurrency <requests>", "requests at the same time", numberUpTo(MAX_CONCURRENCY), 2)
    .option("--journal <file>", "what was acknowledged (default: <source>.journal)")
    .option("--wait", "end only when everything is embedded", false)
    .addHelpText(
      "after",
      `
A folder: each picture becomes an item; the folder that it lies in is its category.
A list: id, image, title, description, category, price, link; other columns of a CSV are attributes
(a|b for several values). An image is a file beside the list, a web address or a data URL.

Interrupt it and start it again: the journal knows what is done. It is removed when all is.
The exit code is 0 when everything was taken, 1 when something failed, ${INTERRUPTED} when interrupted.

Examples:
  $ npx corkboard ingest pictures/ --wait
  $ CORKBOARD_KEY=ck_… npx corkboard ingest products.csv --url https://corkboard.example`,
    )
    .action(run);
}

async function run(path: string, options: IngestCommandOptions): Promise<void> {
  const source = path.replace(/[/\\]+$/, "");
  const listing = await LISTS[await kindOf(source)](source);
  const corkboard = connect(options);
  const journal = await Journal.open(options.journal ?? `${source}.journal`, options.url);
  const fresh = listing.found.filter(({ id, fingerprint }) => !journal.has(id, fingerprint));
  const progress = startProgress(fresh.length, "ingesting");
  const failures: string[] = [];
  const stop = stopOnInterrupt();
  let summary: Summary;
  try {
    summary = await ingest(corkboard, listing, journal, {
      size: options.size,
      concurrency: options.concurrency,
      stop,
      advance: progress.advance,
      failed: (what, reason) => failures.push(`${what}: ${reason}`),
    });
  } catch (error) {
    await journal.close();
    throw error;
  } finally {
    progress.stop();
  }
  report(summary, failures);
  if (summary.left > 0) process.exitCode = INTERRUPTED;
  else if (summary.failed > 0) process.exitCode = 1;
  await (summary.left + summary.failed > 0 ? journal.close() : journal.remove());
  if (options.wait && !stop.aborted) await waitUntilEmbedded(corkboard, stop);
}

/** The first Ctrl-C lets requests under way end; a second one ends the program. */
function stopOnInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => {
    console.error("\nEnding after what is under way; start again to go on.");
    controller.abort();
  });
  return controller.signal;
}

function report(summary: Summary, failures: readonly string[]): void {
  for (const failure of failures.slice(0, MAX_PRINTED_FAILURES)) console.error(failure);
  const more = failures.length - MAX_PRINTED_FAILURES;
  if (more > 0) console.error(`… and ${more} more`);
  const { created, changed, unchanged, failed, skipped, left } = summary;
  const parts: [number, string][] = [
    [created, "new"],
    [changed, "changed"],
    [unchanged, "as they were"],
    [skipped, "done before"],
    [failed, "failed"],
    [left, "left"],
  ];
  const said = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  console.error(`Items: ${said.join(", ") || "none found"}.`);
}

async function waitUntilEmbedded(corkboard: Corkboard, stop: AbortSignal): Promise<void> {
  const { states } = await corkboard.catalog();
  const progress = startProgress(states.pending, "embedding");
  let pending = states.pending;
  let failed = states.failed;
  while (pending > 0 && !stop.aborted) {
    await new Promise((done) => setTimeout(done, WAIT_POLL_MS));
    const now = (await corkboard.catalog()).states;
    for (let left = pending; left > now.pending; left--) progress.advance();
    pending = now.pending;
    failed = now.failed;
  }
  progress.stop();
  if (failed > 0)
    console.error(`${failed} pictures could not be embedded: GET /v1/items?state=failed says why.`);
  if (pending > 0) console.error(`${pending} still wait to be embedded.`);
}

function numberUpTo(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > max) {
      throw new InvalidArgumentError(`Between 1 and ${max}.`);
    }
    return value;
  };
}
