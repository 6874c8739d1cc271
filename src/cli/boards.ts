/** `corkboard boards`: what boards there are, and which items are on them. */
import { Command } from "commander";
import { type ConnectionOptions, connect, withConnection } from "./connection.ts";
import { cell, table } from "./table.ts";

const TITLE_WIDTH = 48;

export function boardsCommand(): Command {
  return new Command("boards")
    .description("List boards, and export which items are on them.")
    .addCommand(withConnection(new Command("list")).description("List all boards.").action(listBoards))
    .addCommand(
      withConnection(new Command("export"))
        .description(
          "Write the edges of the graph of boards and items: one line of JSON for every item on a board.",
        )
        .addHelpText(
          "after",
          `
A line is {"board":"reading-corner","item":"chair-0042","addedAt":"2026-01-31T12:00:00.000Z"}; a board's items come in
the order in which they were added.

Example:
  $ npx corkboard boards export > edges.ndjson`,
        )
        .action(exportBoards),
    );
}

async function listBoards(options: ConnectionOptions): Promise<void> {
  const rows: (string | number)[][] = [];
  for await (const { id, title, items, updatedAt } of connect(options).boards.all()) {
    rows.push([id, cell(title, TITLE_WIDTH), items, updatedAt.slice(0, 10)]);
  }
  if (rows.length === 0) console.error("There are no boards.");
  else process.stdout.write(table([["board", "title", "items", "changed"], ...rows]));
}

async function exportBoards(options: ConnectionOptions): Promise<void> {
  const { boards } = connect(options);
  let [count, edges] = [0, 0];
  for await (const { id: board } of boards.all()) {
    count++;
    const lines: string[] = [];
    for await (const { id: item, addedAt } of boards.allItems(board, { brief: true })) {
      lines.push(`${JSON.stringify({ board, item, addedAt })}\n`);
    }
    edges += lines.length;
    process.stdout.write(lines.join(""));
  }
  console.error(`${edges} items on ${count} boards.`);
}
