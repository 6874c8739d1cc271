/** Where keys are kept. */
import type { KeyScope } from "./api-key.ts";

/** What is known of a key; never its secret. */
export interface KeyInfo {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

export interface KeyOrder {
  readonly name: string;
  readonly scopes: readonly KeyScope[];
}

/** A new key: the only time that its text is seen. */
export interface CreatedKey extends KeyInfo {
  /** `ck_<id>_<secret>` */
  readonly key: string;
}

/** What it takes to verify a key. */
export interface StoredKey {
  readonly scopes: readonly KeyScope[];
  /** SHA-256 of the secret. */
  readonly hash: Uint8Array;
}

export interface KeyStore {
  /** Nothing when there are `MAX_KEYS` already. */
  create(order: KeyOrder): Promise<CreatedKey | undefined>;
  /** Oldest first. */
  list(): Promise<KeyInfo[]>;
  find(id: string): Promise<StoredKey | undefined>;
  /** Whether there was such a key. */
  revoke(id: string): Promise<boolean>;
}
