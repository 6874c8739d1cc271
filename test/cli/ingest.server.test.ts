/** `corkboard ingest`, `search`, `export` and `import` against servers of their own. */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Corkboard } from "../../src/client/index.ts";
import { corkboard as run, type Serve, startServe, temporaryFolder } from "../api/serve.ts";
import { drawJpeg } from "../http/pictures.ts";

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: Serve;
let corkboard: Corkboard;

const at = (...parts: string[]) => join(folder.path, ...parts);
const cli = (...args: string[]) => run(args, { CORKBOARD_URL: server.origin });

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServe(at("state"));
  corkboard = new Corkboard({ baseUrl: server.origin });
  for (const category of ["chairs", "lamps"]) {
    await mkdir(at("pictures", category), { recursive: true });
    for (let seed = 0; seed < 6; seed++) {
      await writeFile(at("pictures", category, `No. ${seed}.jpg`), drawJpeg(seed + 10 * category.length));
    }
  }
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await folder?.remove();
});

describe("a folder", () => {
  it("is ingested, with its folders as categories, and embedded", async () => {
    const { code, stderr } = await cli("ingest", at("pictures"), "--wait", "--size", "5");
    expect(stderr).toContain("Items: 12 new.");
    expect(code).toBe(0);
    const { items, states, categories } = await corkboard.catalog();
    expect({ items, states, categories }).toEqual({
      items: 12,
      states: { pending: 0, embedded: 12, failed: 0 },
      categories: [
        { category: "chairs", items: 6 },
        { category: "lamps", items: 6 },
      ],
    });
    expect((await corkboard.items.list()).items[0]).toMatchObject({ title: "No. 0", category: "chairs" });
  });

  it("changes nothing when it is ingested again", async () => {
    const { code, stderr } = await cli("ingest", at("pictures"));
    expect(stderr).toContain("Items: 12 as they were.");
    expect(code).toBe(0);
  });

  it("goes on where it stopped, with a file that is no picture in its way", async () => {
    await writeFile(at("pictures", "lamps", "broken.jpg"), "no picture");
    const first = await cli("ingest", at("pictures"));
    expect(first.stderr).toContain("Items: 12 as they were, 1 failed.");
    expect(first.stderr).toMatch(/lamps-broken-\w+: .*picture/);
    expect(first.code).toBe(1);
    const second = await cli("ingest", at("pictures"));
    expect(second.stderr).toContain("Items: 12 done before, 1 failed.");
    await writeFile(at("pictures", "lamps", "broken.jpg"), drawJpeg(99));
    const third = await cli("ingest", at("pictures"));
    expect(third.stderr).toContain("Items: 1 new, 12 done before.");
    expect(third.code).toBe(0);
    await expect(stat(at("pictures.journal"))).rejects.toThrow("ENOENT");
  });
});

describe("a list of products", () => {
  it("comes as CSV, with quotes, attributes and mistakes", async () => {
    const rows = [
      "id,image,title,price,colour,size,code,link",
      'mug-1,pictures/chairs/No. 1.jpg,"A mug, ""blue""",12.50,blue|white,42,007,https://shop.example/mug',
      "mug-2,pictures/chairs/No. 2.jpg,,abc,,,,",
      "mug-3,pictures/chairs/missing.jpg,Gone,1,,,,",
    ];
    await writeFile(at("products.csv"), `\uFEFF${rows.join("\r\n")}\r\n`);
    const { code, stderr } = await cli("ingest", at("products.csv"));
    expect(stderr).toContain("Items: 1 new, 2 failed.");
    expect(stderr).toContain("products.csv:3: price");
    expect(stderr).toContain("mug-3: ENOENT");
    expect(code).toBe(1);
    expect(await corkboard.items.get("mug-1")).toMatchObject({
      title: 'A mug, "blue"',
      price: 12.5,
      attributes: { colour: ["blue", "white"], size: 42, code: "007" },
      link: "https://shop.example/mug",
    });
  });

  it("comes as lines of JSON", async () => {
    const line = {
      id: "cup-1",
      image: "pictures/lamps/No. 1.jpg",
      category: "cups",
      attributes: { new: true },
    };
    await writeFile(at("products.ndjson"), `${JSON.stringify(line)}\n\nnot json\n`);
    const { stderr } = await cli("ingest", at("products.ndjson"));
    expect(stderr).toContain("Items: 1 new, 1 failed.");
    expect(stderr).toContain("products.ndjson:3");
    expect(await corkboard.items.get("cup-1")).toMatchObject({ category: "cups", attributes: { new: true } });
  });

  it("is nothing else", async () => {
    const { code, stderr } = await cli("ingest", at("state", "admin-token"));
    expect(code).toBe(1);
    expect(stderr).toContain("neither a folder");
  });
});

describe("search", () => {
  it("shows a table, or lines of JSON", async () => {
    const picture = at("pictures", "chairs", "No. 3.jpg");
    const { stdout } = await cli("search", picture, "--limit", "3", "--category", "chairs");
    const [heading, first, ...rest] = stdout.trimEnd().split("\n");
    expect(heading).toMatch(/^# +score +id +title +category/);
    expect(first).toMatch(/^1 +1\.000 +chairs-No.-3-\w+ +No\. 3 +chairs/);
    expect(rest).toHaveLength(2);
    const json = await cli("search", picture, "--limit", "1", "--json");
    const { id } = JSON.parse(json.stdout);
    const similar = await cli("search", "--item", id, "--json");
    expect(similar.stdout).not.toContain(`{"id":"${id}"`);
  });

  it("takes words, alone, with a picture and with what is not wanted", async () => {
    const words = await cli("search", "--text", "a chair", "--limit", "3", "--json");
    expect(words.stdout.trimEnd().split("\n")).toHaveLength(3);
    const without = await cli(
      "search",
      "--text",
      "a chair",
      "--unlike",
      "a lamp",
      "--unlike",
      "a table",
      "--json",
    );
    expect(without.stdout).not.toBe(words.stdout);
    const picture = at("pictures", "chairs", "No. 3.jpg");
    const both = await cli("search", picture, "--text", "a lamp", "--limit", "1");
    expect([both.code, both.stdout]).toEqual([0, expect.stringMatching(/^# +score/)]);
    const nothing = await cli("search");
    expect([nothing.code, nothing.stderr]).toEqual([
      1,
      expect.stringContaining("neither a picture nor words"),
    ]);
  });

  it("says what is wrong: no such file, no server, no such option", async () => {
    const missing = await cli("search", at("nothing.jpg"));
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("There is no file")]);
    const option = await cli("search", "x", "--crop", "1,2");
    expect([option.code, option.stderr]).toEqual([1, expect.stringContaining("x0,y0,x1,y1")]);
    const wrong = await cli("search", at("pictures", "chairs", "No. 3.jpg"), "--crop", "0.5,0,0.5,1");
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining("crop")]);
  });
});

describe("status", () => {
  it("counts the items by model and state", async () => {
    const { stdout } = await cli("status");
    expect(stdout).toMatch(/^15 items.* in 4 shards\n/);
    expect(stdout).toMatch(/looks alike +unified-embedding@\w{12} +answers +15 +0 +0\n/);
    expect(stdout).toMatch(/words +itemsage@\w{12} +answers/);
    const json = await cli("status", "--json");
    expect(JSON.parse(json.stdout)).toMatchObject({ items: 15, roles: { picture: { total: 15 } } });
  });
});

describe("keys", () => {
  const keys = (...args: string[]) => cli("keys", ...args, "--storage", at("state"));

  it("are made, listed and revoked", async () => {
    const made = await keys("create", "shop", "--scope", "write");
    expect(made.stdout).toMatch(/^ck_[0-9a-f]{20}_\S{43}\n$/);
    const id = made.stdout.slice(3, 23);
    const list = await keys("list");
    expect(list.stdout).toMatch(new RegExp(`${id} +shop +write +\\d{4}-`));
    expect(list.stdout).not.toContain(made.stdout.trim().slice(24));
    expect((await keys("revoke", id)).code).toBe(0);
    expect(JSON.parse((await keys("list", "--json")).stdout)).toEqual([]);
    expect(await keys("revoke", id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("There is no key"),
    });
  });

  it("take the admin token", async () => {
    const { code, stderr } = await cli("keys", "list", "--storage", at("nowhere"));
    expect(code).toBe(1);
    expect(stderr).toContain("ADMIN_TOKEN");
  });
});

describe("an archive", () => {
  it("goes through another catalogue and comes out the same, byte for byte", async () => {
    const ids = (await corkboard.items.list({ limit: 3 })).items.map(({ id }) => id).reverse();
    await corkboard.boards.put("hall", { title: "Hall", description: "Narrow", items: [...ids, "gone"] });
    await corkboard.boards.put("empty", { title: "Nothing yet" });
    const { stderr } = await cli("export", at("one.tar"));
    expect(stderr).toContain("Exported 15 items, 13 pictures and 2 boards.");
    const other = await startServe(at("other-state"));
    try {
      const there = (...args: string[]) => run(args, { CORKBOARD_URL: other.origin });
      expect((await there("import", at("one.tar"))).stderr).toContain("Imported 15 items, and 2 boards.");
      expect((await there("export", at("two.tar"))).code).toBe(0);
      expect((await readFile(at("two.tar"))).equals(await readFile(at("one.tar")))).toBe(true);
      const again = await there("import", at("two.tar"));
      expect(again.stderr).toContain("Imported 15 items, and 2 boards.");
      const items = (await new Corkboard({ baseUrl: other.origin }).items.list({ limit: 200 })).items;
      expect(items.map(({ version }) => version)).toEqual(new Array(15).fill(1));
      const { boards } = new Corkboard({ baseUrl: other.origin });
      expect(await boards.get("hall")).toMatchObject({ title: "Hall", items: 4, version: 1 });
    } finally {
      await other.stop();
    }
  });

  it("that is damaged, cut off or none at all is refused", async () => {
    const archive = await readFile(at("one.tar"));
    const damaged = Buffer.from(archive);
    damaged[archive.indexOf("JFIF") + 200]! ^= 1;
    for (const [name, bytes, why] of [
      ["damaged", damaged, "damaged"],
      ["cut", archive.subarray(0, 20_000), "Unexpected end"],
      ["none", Buffer.from("hello"), "Unexpected end"],
      ["empty", Buffer.alloc(0), "empty"],
    ] as const) {
      await writeFile(at(`${name}.tar`), bytes);
      const { code, stderr } = await cli("import", at(`${name}.tar`));
      expect([name, code]).toEqual([name, 1]);
      expect(stderr).toContain(why);
    }
  });
});
