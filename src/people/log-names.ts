/** The log files that a person's events went to, for who has to erase them there too. */
import type { SqlStorage } from "@cloudflare/workers-types";
import { REMEMBERED_LOGS } from "./limits.ts";

/** What names begin with. */
const HOUR = "2026/11/25/10";

export class LogNames {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Names sort by the hour of writing, so that the first ones are the oldest. */
  add(name: string): void {
    this.#sql.exec("INSERT OR IGNORE INTO logs VALUES (?)", name);
    const query = "SELECT name FROM logs ORDER BY name DESC LIMIT 1 OFFSET ?";
    const [newest] = this.#sql.exec<{ name: string }>(query, REMEMBERED_LOGS).toArray();
    if (!newest) return;
    const hour = newest.name.slice(0, HOUR.length);
    this.#sql.exec("DELETE FROM logs WHERE name <= ?", newest.name);
    this.#sql.exec("DELETE FROM unlisted WHERE until < ?", hour);
    this.#sql.exec("INSERT INTO unlisted SELECT ? WHERE NOT EXISTS (SELECT * FROM unlisted)", hour);
  }

  /** Names, the oldest first; where some are not kept, the hour up to which any file may be one. */
  list(): { readonly logs: string[]; readonly unlistedUntil?: string } {
    const rows = this.#sql.exec<{ name: string }>("SELECT name FROM logs ORDER BY name").toArray();
    const [unlisted] = this.#sql.exec<{ until: string }>("SELECT until FROM unlisted").toArray();
    return { logs: rows.map(({ name }) => name), ...(unlisted && { unlistedUntil: unlisted.until }) };
  }
}
