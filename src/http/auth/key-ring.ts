/** All keys of a deployment: one Durable Object with a table. */
import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState } from "@cloudflare/workers-types";
import { formatKey, hashSecret, KeyScope, newKeyParts } from "./api-key.ts";
import type { CreatedKey, KeyInfo, KeyOrder, KeyStore, StoredKey } from "./key-store.ts";
import { MAX_KEYS } from "./limits.ts";

const TABLE = `
  CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    hash BLOB NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT`;

type KeyRow = { id: string; name: string; scopes: string; created_at: number };

export class KeyRing extends DurableObject implements KeyStore {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    ctx.storage.sql.exec(TABLE);
  }

  async create({ name, scopes }: KeyOrder): Promise<CreatedKey | undefined> {
    const { sql } = this.ctx.storage;
    const parts = newKeyParts();
    const hash = await hashSecret(parts.secret);
    const { count } = sql.exec<{ count: number }>("SELECT count(*) AS count FROM keys").one();
    if (count >= MAX_KEYS) return undefined;
    const row = { id: parts.id, name, scopes: scopes.join(" "), created_at: Date.now() };
    sql.exec(
      "INSERT INTO keys VALUES (?, ?, ?, ?, ?)",
      row.id,
      name,
      row.scopes,
      hash.buffer,
      row.created_at,
    );
    return { ...infoOf(row), key: formatKey(parts) };
  }

  async list(): Promise<KeyInfo[]> {
    const query = "SELECT id, name, scopes, created_at FROM keys ORDER BY created_at, id";
    return this.ctx.storage.sql.exec<KeyRow>(query).toArray().map(infoOf);
  }

  async find(id: string): Promise<StoredKey | undefined> {
    const query = "SELECT scopes, hash FROM keys WHERE id = ?";
    const [row] = this.ctx.storage.sql.exec<{ scopes: string; hash: ArrayBuffer }>(query, id).toArray();
    return row && { scopes: scopesOf(row.scopes), hash: new Uint8Array(row.hash) };
  }

  async revoke(id: string): Promise<boolean> {
    return this.ctx.storage.sql.exec("DELETE FROM keys WHERE id = ?", id).rowsWritten > 0;
  }
}

function infoOf({ id, name, scopes, created_at }: KeyRow): KeyInfo {
  return { id, name, scopes: scopesOf(scopes), createdAt: new Date(created_at).toISOString() };
}

function scopesOf(text: string): KeyScope[] {
  return KeyScope.array().parse(text.split(" "));
}

/** What is used of a Durable Object namespace. */
export interface KeyRingNamespace {
  idFromName(name: string): unknown;
  get(id: unknown): unknown;
}

/** The keys behind a binding. */
export function boundKeyStore(namespace: KeyRingNamespace): KeyStore {
  const ring = () => namespace.get(namespace.idFromName("keys")) as KeyStore;
  return {
    create: (order) => ring().create(order),
    list: () => ring().list(),
    find: (id) => ring().find(id),
    revoke: (id) => ring().revoke(id),
  };
}
