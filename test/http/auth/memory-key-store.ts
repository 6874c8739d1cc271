/** Keys in memory, for tests of what stands before the store. */
import { formatKey, hashSecret, newKeyParts } from "../../../src/http/auth/api-key.ts";
import type { KeyInfo, KeyOrder, KeyStore, StoredKey } from "../../../src/http/auth/key-store.ts";

export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, KeyInfo & StoredKey>();
  /** Questions that were asked. */
  finds = 0;

  async create({ name, scopes }: KeyOrder) {
    const parts = newKeyParts();
    const info = { id: parts.id, name, scopes, createdAt: new Date().toISOString() };
    this.#keys.set(parts.id, { ...info, hash: await hashSecret(parts.secret) });
    return { ...info, key: formatKey(parts) };
  }

  async list() {
    return [...this.#keys.values()].map(({ hash: _, ...info }) => info);
  }

  async find(id: string) {
    this.finds += 1;
    return this.#keys.get(id);
  }

  async revoke(id: string) {
    return this.#keys.delete(id);
  }
}
