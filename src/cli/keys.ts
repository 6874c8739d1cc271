/** `corkboard keys`: makes, lists and revokes API keys. */
import { Command, Option } from "commander";
import type { KeyScope } from "../client/index.ts";
import { type AdminOptions, connectAsAdmin, withAdmin } from "./connection.ts";
import { cell, table } from "./table.ts";

const NAME_WIDTH = 40;

export function keysCommand(): Command {
  return new Command("keys")
    .description("Make, list and revoke API keys.")
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(revokeCommand());
}

function createCommand(): Command {
  return withAdmin(new Command("create"))
    .description("Make a key. It is shown once, on standard output.")
    .argument("<name>", "who or what will use it")
    .addOption(
      new Option("--scope <scope...>", "what it allows")
        .choices(["read", "write"])
        .default(["read", "write"]),
    )
    .action(async (name: string, options: AdminOptions & { scope: KeyScope[] }) => {
      const corkboard = await connectAsAdmin(options);
      const { key, id, scopes } = await corkboard.keys.create({ name, scopes: options.scope });
      console.log(key);
      console.error(`Key ${id} (${scopes.join(", ")}). Keep it now: it is not shown again.`);
    });
}

function listCommand(): Command {
  return withAdmin(new Command("list"))
    .description("All keys, without their secrets.")
    .option("--json", "as JSON", false)
    .action(async (options: AdminOptions & { json: boolean }) => {
      const keys = await (await connectAsAdmin(options)).keys.list();
      if (options.json) console.log(JSON.stringify(keys));
      else {
        const rows = keys.map(({ id, name, scopes, createdAt }) => [
          id,
          cell(name, NAME_WIDTH),
          scopes.join(" "),
          createdAt,
        ]);
        process.stdout.write(table([["id", "name", "scopes", "made"], ...rows]));
      }
    });
}

function revokeCommand(): Command {
  return withAdmin(new Command("revoke"))
    .description("Revoke a key: it stops everywhere within ten seconds.")
    .argument("<id>", "as `list` shows it")
    .action(async (id: string, options: AdminOptions) => {
      await (await connectAsAdmin(options)).keys.revoke(id);
      console.error(`Revoked ${id}.`);
    });
}
