/** API keys: `ck_<id>_<secret>`. The id finds the key, the secret proves it; only the secret's hash is kept. */
import { z } from "zod";

/** What a key may be allowed. Managing keys takes the deployment's admin token. */
export const KeyScope = z.enum(["read", "write"]);
export type KeyScope = z.infer<typeof KeyScope>;

/** 256 random bits: nobody guesses them, so that one round of SHA-256 is hash enough. */
const SECRET_BYTES = 32;

/** 80 random bits tell keys apart; they are no secret. */
const ID_BYTES = 10;

export const KEY_ID_PATTERN = /^[0-9a-f]{20}$/;

/** Whatever begins so is meant as a key. */
export const KEY_PREFIX = "ck_";

/** The secret is base64url, whose `_` may come again: the id ends at the first. */
const KEY_PATTERN = /^ck_([0-9a-f]{20})_([A-Za-z0-9_-]{43})$/;

export interface KeyParts {
  readonly id: string;
  readonly secret: string;
}

export function newKeyParts(): KeyParts {
  return { id: hex(random(ID_BYTES)), secret: base64Url(random(SECRET_BYTES)) };
}

export function formatKey({ id, secret }: KeyParts): string {
  return `${KEY_PREFIX}${id}_${secret}`;
}

/** The parts of a key, or nothing when the text is none. */
export function parseKey(text: string): KeyParts | undefined {
  const [, id, secret] = KEY_PATTERN.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** 32 bytes. */
export async function hashSecret(secret: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(secret)));
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64Url(bytes: Uint8Array): string {
  const text = btoa(String.fromCharCode(...bytes));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
