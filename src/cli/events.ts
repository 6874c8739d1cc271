/** `corkboard events`: what people did, as a file to train models on. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { Command, InvalidArgumentError } from "commander";
import type { EventLog } from "../client/index.ts";
import { type AdminOptions, connectAsAdmin, withAdmin } from "./connection.ts";
import { startProgress } from "./progress.ts";

interface ExportOptions extends AdminOptions {
  readonly since?: Date;
  readonly until?: Date;
  readonly output?: string;
}

export function eventsCommand(): Command {
  return new Command("events").description("Work with what people did.").addCommand(exportCommand());
}

function exportCommand(): Command {
  return withAdmin(new Command("export"))
    .description("Write events as lines of JSON, each event once, hour by hour.")
    .option("--since <time>", "only events from this time on, ISO 8601", timeOf)
    .option("--until <time>", "only events before this time", timeOf)
    .option("-o, --output <file>", "write here instead of standard output")
    .addHelpText(
      "after",
      `
Example:
  $ npx corkboard events export --since 2026-11-01 -o november.ndjson

Events appear some seconds after they were sent. They come in the order in which they were taken, which is about
the order of their times; sort by \`at\` where that matters.`,
    )
    .action(exportEvents);
}

async function exportEvents({ since, until, output, ...options }: ExportOptions): Promise<void> {
  const { people } = await connectAsAdmin(options);
  const wanted: EventLog[] = [];
  for await (const log of people.logs()) if (overlaps(log, since, until)) wanted.push(log);
  const target: NodeJS.WritableStream = output === undefined ? process.stdout : createWriteStream(output);
  const progress = startProgress(wanted.length, "exporting");
  /** A log may repeat what another has. */
  const known = new Set<string>();
  let [written, repeated] = [0, 0];
  for (const { name } of wanted) {
    for (const event of await people.readLog(name)) {
      const at = Date.parse(event.at);
      if ((since && at < since.getTime()) || (until && at >= until.getTime())) continue;
      const identity = `${event.user} ${event.id}`;
      if (known.has(identity)) {
        repeated++;
        continue;
      }
      known.add(identity);
      written++;
      if (!target.write(`${JSON.stringify(event)}\n`)) await once(target, "drain");
    }
    progress.advance();
  }
  progress.stop();
  if (target !== process.stdout) {
    target.end();
    await finished(target);
  }
  const twice = repeated > 0 ? `, ${repeated} that were there twice left out` : "";
  console.error(`${written} events of ${wanted.length} logs${twice}.`);
}

function overlaps({ first, last }: EventLog, since: Date | undefined, until: Date | undefined): boolean {
  return !(since && Date.parse(last) < since.getTime()) && !(until && Date.parse(first) >= until.getTime());
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError("Give a time such as 2026-11-25T10:00:00Z.");
  return time;
}
