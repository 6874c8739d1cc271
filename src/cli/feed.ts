/** `corkboard feed`: what somebody is to see next, and why. */
import { Command, InvalidArgumentError } from "commander";
import { MAX_FEED_ITEMS } from "../feed/limits.ts";
import { type ConnectionOptions, connect, withConnection } from "./connection.ts";
import { cell, table } from "./table.ts";

interface FeedCommandOptions extends ConnectionOptions {
  readonly limit: number;
  readonly surface?: string;
  readonly json: boolean;
}

const TITLE_WIDTH = 48;

export function feedCommand(): Command {
  return withConnection(new Command("feed"))
    .description("Show what somebody is to see next, and why. It is recorded as shown.")
    .argument("<user>", "whose feed")
    .option("--limit <number>", `how many items, up to ${MAX_FEED_ITEMS}`, limitOf, 10)
    .option("--surface <name>", "where it is shown")
    .option("--json", "as JSON, one item a line", false)
    .addHelpText(
      "after",
      `
Example:
  $ npx corkboard feed u-7f3a --limit 20`,
    )
    .action(feed);
}

async function feed(
  user: string,
  { limit, surface, json, ...connection }: FeedCommandOptions,
): Promise<void> {
  const page = await connect(connection).people.feed(user, { limit, surface, explain: true });
  if (json) {
    process.stdout.write(page.items.map((one) => `${JSON.stringify(one)}\n`).join(""));
  } else if (page.items.length > 0) {
    const rows = page.items.map(({ id, item, scores, why }) => [
      why?.rank ?? "",
      scores?.utility?.toFixed(3) ?? "",
      id,
      cell(item.title, TITLE_WIDTH),
      cell(item.category, TITLE_WIDTH),
      why?.interest ? `like ${why.interest.medoid}` : "",
      why?.path ?? "",
    ]);
    process.stdout.write(table([["#", "utility", "id", "title", "category", "why", "path"], ...rows]));
  }
  if (page.items.length === 0) console.error("There is nothing left to show.");
  else if (page.explain?.reason) console.error(`Path: ${page.path}; the origin: ${page.explain.reason}.`);
  else console.error(`Path: ${page.path}.`);
}

function limitOf(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_FEED_ITEMS) {
    throw new InvalidArgumentError(`Between 1 and ${MAX_FEED_ITEMS}.`);
  }
  return limit;
}
