/** `corkboard forget`: removes what is kept of a person, and says where more of them is. */
import { Command } from "commander";
import type { Forgotten } from "../client/index.ts";
import { type ConnectionOptions, connect, withConnection } from "./connection.ts";

export function forgetCommand(): Command {
  return withConnection(new Command("forget"))
    .description(
      "Forget a person: actions, what they were shown and hid, events that wait. Log files keep theirs.",
    )
    .argument("<user>", "as their events name them")
    .option("--json", "as JSON", false)
    .addHelpText(
      "after",
      `
Names of log files with events of the person go to standard output, one a line; the rest of what is said to standard
error. The same again names them again.

Example:
  $ npx corkboard forget u-7f3a > files-to-clean.txt`,
    )
    .action(async (user: string, { json, ...options }: ConnectionOptions & { json: boolean }) => {
      const forgotten = await connect(options).people.forget(user);
      if (json) console.log(JSON.stringify(forgotten));
      else say(user, forgotten);
    });
}

function say(user: string, { erased, logs, unlistedUntil }: Forgotten): void {
  for (const name of logs) console.log(name);
  const { actions, shown, hidden, known, waiting } = erased;
  const items = `${shown} items shown and ${hidden} hidden`;
  console.error(
    `${user}: ${actions} actions, ${items}, ${known} ids and ${waiting} waiting events are gone.`,
  );
  if (logs.length > 0) console.error(`${logs.length} log files have events of ${user} and keep them.`);
  if (unlistedUntil !== undefined) {
    console.error(`Files of ${unlistedUntil} (UTC) and before may have some too; their names are not kept.`);
  }
}
