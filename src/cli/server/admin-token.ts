/** The admin token of a server on this machine: who can read its storage folder may manage its keys. */
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const FILE = "admin-token";

/** 192 random bits, 32 characters. */
const TOKEN_BYTES = 24;

/** The token in `ADMIN_TOKEN`, or the storage folder's own, made at first use and readable by its owner only. */
export async function adminTokenOf(storage: string): Promise<string> {
  const { ADMIN_TOKEN } = process.env;
  if (ADMIN_TOKEN) return ADMIN_TOKEN;
  await mkdir(storage, { recursive: true });
  const token = randomBytes(TOKEN_BYTES).toString("base64url");
  try {
    await writeFile(join(storage, FILE), `${token}\n`, { mode: 0o600, flag: "wx" });
    return token;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return (await readAdminToken(storage)) ?? token;
}

/** The token of a storage folder, if a server has ever used it. */
export async function readAdminToken(storage: string): Promise<string | undefined> {
  const text = await readFile(join(storage, FILE), "utf8").catch(() => "");
  return text.trim() || undefined;
}
