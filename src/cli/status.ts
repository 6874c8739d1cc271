/** `corkboard status`: how much is in a catalogue, and how far it is. */
import { Command } from "commander";
import type { Overview, RoleProgress } from "../client/index.ts";
import { type ConnectionOptions, connect, withConnection } from "./connection.ts";
import { table } from "./table.ts";

const BYTES_PER_MB = 1e6;

/** What items are embedded for, in words. */
const ROLES = { picture: "looks alike", look: "goes together", item: "words" } as const;

export function statusCommand(): Command {
  return withConnection(new Command("status"))
    .description("Count the items, by model and state; a new revision is shown beside the one that answers.")
    .option("--json", "as JSON", false)
    .action(async ({ json, ...options }: ConnectionOptions & { readonly json: boolean }) => {
      const overview = await connect(options).catalog();
      process.stdout.write(json ? `${JSON.stringify(overview)}\n` : asTables(overview));
    });
}

function asTables({ items, shards, storageBytes, roles, nearDuplicates }: Overview): string {
  const rows = Object.entries(ROLES).flatMap(([role, meaning]) => {
    const progress = roles[role as keyof typeof ROLES];
    return progress ? rowsOf(meaning, progress) : [];
  });
  const duplicates = nearDuplicates ? `, ${nearDuplicates} nearly there twice` : "";
  const size = `${(storageBytes / BYTES_PER_MB).toFixed(1)} MB in ${shards} shards`;
  return `${items} items${duplicates}, ${size}\n\n${table([HEAD, ...rows])}`;
}

const HEAD = ["finds", "model", "", "embedded", "pending", "failed"];

function rowsOf(meaning: string, { model, states, next }: RoleProgress): (string | number)[][] {
  const row = (name: string, what: string, of: RoleProgress["states"]) => [
    ...[meaning, name, what],
    ...[of.embedded, of.pending, of.failed],
  ];
  if (!next) return [row(model, "answers", states)];
  return [row(model, "answers", states), row(next.model, "is being filled", next.states)];
}
