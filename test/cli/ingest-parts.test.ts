import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ItemId } from "../../src/catalog/item.ts";
import { idOf } from "../../src/cli/ingest/folder.ts";
import { Journal } from "../../src/cli/ingest/journal.ts";
import { adminTokenOf, readAdminToken } from "../../src/cli/server/admin-token.ts";
import { lockStorage } from "../../src/cli/server/storage-lock.ts";
import { cell, table } from "../../src/cli/table.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corkboard-test-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("ids of files", () => {
  it("are ids, whatever the file is called, and the same file's are the same", () => {
    const names = [
      "a.jpg",
      "Möbel/Stuhl 1.JPG",
      "日本.png",
      "-.png",
      "../x.jpg",
      `${"long/".repeat(40)}x.jpg`,
    ];
    for (const name of names) {
      expect(ItemId.safeParse(idOf(name)).success, name).toBe(true);
      expect(idOf(name)).toBe(idOf(name));
    }
    expect(idOf("Möbel/Stuhl 1.JPG")).toMatch(/^Mo-bel-Stuhl-1-[0-9a-f]{10}$/);
  });

  it("differ when files differ, even in what ids leave out", () => {
    const names = ["a b.jpg", "a-b.jpg", "a b.png", "a/b.jpg", "日本.png", "東京.png"];
    expect(new Set(names.map(idOf)).size).toBe(names.length);
  });
});

describe("a journal", () => {
  const url = "http://127.0.0.1:8787";

  it("knows what was acknowledged as it was, also after a program that was killed while it wrote", async () => {
    const path = join(folder, "one.journal");
    const first = await Journal.open(path, url);
    await first.add("a", "1");
    await first.add("b", "1");
    await first.close();
    await writeFile(path, (await readFile(path, "utf8")).slice(0, -5));
    const second = await Journal.open(path, url);
    expect([second.has("a", "1"), second.has("a", "2"), second.has("b", "1")]).toEqual([true, false, false]);
    await second.add("b", "1");
    await second.close();
    const third = await Journal.open(path, url);
    expect([third.has("a", "1"), third.has("b", "1")]).toEqual([true, true]);
    await third.remove();
    await expect(readFile(path)).rejects.toThrow("ENOENT");
  });

  it("of another server, or what is none, is begun anew", async () => {
    const path = join(folder, "two.journal");
    await writeFile(path, "a shopping list\n");
    const first = await Journal.open(path, url);
    await first.add("a", "1");
    await first.close();
    const other = await Journal.open(path, "https://corkboard.example");
    expect(other.has("a", "1")).toBe(false);
    await other.close();
  });
});

describe("a storage folder", () => {
  it("has one admin token, which only its owner reads", async () => {
    const storage = join(folder, "storage");
    expect(await readAdminToken(storage)).toBeUndefined();
    const [one, other] = await Promise.all([adminTokenOf(storage), adminTokenOf(storage)]);
    expect(one.length).toBeGreaterThanOrEqual(32);
    expect(await readAdminToken(storage)).toBe(await adminTokenOf(storage));
    expect([one, other]).toContain(await readAdminToken(storage));
  });

  it("is taken by one process at a time, and given back", async () => {
    const storage = join(folder, "locked");
    const unlock = await lockStorage(storage);
    await writeFile(join(storage, "server.pid"), `${process.ppid}\n`);
    await expect(lockStorage(storage)).rejects.toMatchObject({ code: "storage-in-use" });
    await writeFile(join(storage, "server.pid"), "999999999\n");
    await (await lockStorage(storage))();
    await unlock();
  });
});

describe("tables", () => {
  it("align columns and keep text on its line", () => {
    expect(
      table([
        ["#", "name"],
        [1, "a"],
        [10, "bc"],
      ]),
    ).toBe("#   name\n 1  a\n10  bc\n");
    expect(cell("two\nlines\u001b[31m and more", 12)).toBe("two lines […");
    expect(cell(undefined, 5)).toBe("");
  });
});
