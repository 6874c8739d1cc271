/** Whether a key is one of the deployment's, remembered for a short time. */
import { hashSecret, type KeyParts, type KeyScope } from "./api-key.ts";
import { equalBytes } from "./equal-bytes.ts";
import type { KeyStore, StoredKey } from "./key-store.ts";
import { KEY_REMEMBERED_FOR, MAX_REMEMBERED_KEYS } from "./limits.ts";

interface Memory {
  /** Nothing: there is no such key. */
  readonly key: StoredKey | undefined;
  readonly since: number;
}

export class KeyVerifier {
  readonly #store: KeyStore;
  readonly #memories = new Map<string, Memory>();

  constructor(store: KeyStore) {
    this.#store = store;
  }

  /** Whether `verify` would answer without asking the store. */
  remembers(id: string): boolean {
    return this.#recall(id) !== undefined;
  }

  /** The scopes of a key; nothing when there is no such key, or the secret is another. */
  async verify({ id, secret }: KeyParts): Promise<readonly KeyScope[] | undefined> {
    const [key, hash] = await Promise.all([this.#find(id), hashSecret(secret)]);
    return key && equalBytes(key.hash, hash) ? key.scopes : undefined;
  }

  /** Forgets a key at once, where it was revoked through this isolate. */
  forget(id: string): void {
    this.#memories.delete(id);
  }

  async #find(id: string): Promise<StoredKey | undefined> {
    const memory = this.#recall(id);
    if (memory) return memory.key;
    // The time counts from the question: the key may be revoked while the answer is on its way.
    const since = Date.now();
    const key = await this.#store.find(id);
    this.#makeRoom();
    this.#memories.set(id, { key, since });
    return key;
  }

  #recall(id: string): Memory | undefined {
    const memory = this.#memories.get(id);
    return memory && Date.now() - memory.since < KEY_REMEMBERED_FOR ? memory : undefined;
  }

  /** Drops the oldest: a map keeps its entries in the order in which they came. */
  #makeRoom(): void {
    const [oldest] = this.#memories.keys();
    if (oldest !== undefined && this.#memories.size >= MAX_REMEMBERED_KEYS) this.#memories.delete(oldest);
  }
}
