/** How commands find the server, and who they say they are. */
import { type Command, Option } from "commander";
import { Corkboard } from "../client/index.ts";
import { Problem } from "../problem.ts";
import { readAdminToken } from "./server/admin-token.ts";
import { DEFAULT_STORAGE, DEFAULT_URL } from "./server/defaults.ts";

export interface ConnectionOptions {
  readonly url: string;
  readonly key?: string;
}

/** Adds `--url` and `--key`. */
export function withConnection(command: Command): Command {
  return command
    .addOption(new Option("--url <url>", "where the API is").env("CORKBOARD_URL").default(DEFAULT_URL))
    .addOption(new Option("--key <key>", "API key (better in the environment)").env("CORKBOARD_KEY"));
}

/** Busy servers are waited for: nobody sits in front of a program that works through a folder. */
const RETRIES = 8;

export function connect({ url, key }: ConnectionOptions): Corkboard {
  return new Corkboard({ baseUrl: url, key, retries: RETRIES });
}

export interface AdminOptions {
  readonly url: string;
  readonly storage: string;
  readonly adminToken?: string;
}

/** Adds `--url`, `--storage` and `--admin-token`. */
export function withAdmin(command: Command): Command {
  return command
    .addOption(new Option("--url <url>", "where the API is").env("CORKBOARD_URL").default(DEFAULT_URL))
    .addOption(
      new Option("--admin-token <token>", "of a deployment (better in the environment)").env("ADMIN_TOKEN"),
    )
    .option("--storage <folder>", "of a server on this machine, whose token is there", DEFAULT_STORAGE);
}

/** @throws {Problem} when there is no token */
export async function connectAsAdmin({ url, storage, adminToken }: AdminOptions): Promise<Corkboard> {
  const token = adminToken ?? (await readAdminToken(storage));
  if (token === undefined) {
    throw new Problem({
      status: 401,
      code: "admin-token-missing",
      title: "There is no admin token",
      detail: `ADMIN_TOKEN is not set, and there is no server's token in ${storage}.`,
      hint: "Set ADMIN_TOKEN to the deployment's secret, or name the server's folder with --storage.",
    });
  }
  return new Corkboard({ baseUrl: url, key: token });
}
