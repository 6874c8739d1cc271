import { describe, expect, it } from "vitest";
import { formatKey, hashSecret, newKeyParts, parseKey } from "../../../src/http/auth/api-key.ts";
import { equalBytes } from "../../../src/http/auth/equal-bytes.ts";

/** Bytes that count how often they are read. */
function counting(bytes: Uint8Array) {
  const reads = { count: 0 };
  const watched = new Proxy(bytes, {
    get(target, name) {
      if (typeof name === "string" && /^\d+$/.test(name)) reads.count += 1;
      return Reflect.get(target, name, target);
    },
  });
  return { watched, reads };
}

describe("keys", () => {
  it("come apart into what they were made of", () => {
    const parts = newKeyParts();
    expect(parseKey(formatKey(parts))).toEqual(parts);
  });

  it("have 256 random bits each", () => {
    const secrets = new Set(Array.from({ length: 100 }, () => newKeyParts().secret));
    expect(secrets.size).toBe(100);
    for (const secret of secrets) expect(Buffer.from(secret, "base64url")).toHaveLength(32);
  });

  it("are not what only looks like one", () => {
    const key = formatKey(newKeyParts());
    for (const text of [
      "",
      "ck_",
      "ck__",
      key.slice(0, -1),
      `${key}x`,
      `${key}\n`,
      key.toUpperCase(),
      ` ${key}`,
    ]) {
      expect(parseKey(text)).toBeUndefined();
    }
  });

  it("are hashed with SHA-256", async () => {
    const hash = Buffer.from(await hashSecret("abc")).toString("hex");
    expect(hash).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });
});

describe("comparing secrets", () => {
  const secret = Uint8Array.from({ length: 32 }, (_, at) => at);

  it("looks at every byte, wherever the first difference is", () => {
    for (const at of [0, 15, 31]) {
      const other = secret.slice();
      other[at]! ^= 1;
      const { watched, reads } = counting(other);
      expect(equalBytes(secret, watched)).toBe(false);
      expect(reads.count).toBe(32);
    }
  });

  it("knows equal bytes, and other lengths", () => {
    expect(equalBytes(secret, secret.slice())).toBe(true);
    expect(equalBytes(secret, secret.slice(0, 31))).toBe(false);
    expect(equalBytes(new Uint8Array(), new Uint8Array())).toBe(true);
  });
});
