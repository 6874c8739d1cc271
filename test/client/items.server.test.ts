/** Items and batches through the typed client, against the whole product. */
import { describe, expect, it } from "vitest";
import { ConflictError, NotFoundError, ProblemError } from "../../src/client/index.ts";
import { dataUrl, drawJpeg } from "../http/pictures.ts";
import { collect, sha256, wholeProduct } from "./whole-product.ts";

const product = wholeProduct();

describe("items", () => {
  const picture = drawJpeg(1);
  const fields = {
    title: "A chair — blau",
    description: "Oak.",
    category: "chair",
    price: 49.5,
    link: "https://shop.example/chair?x=1",
    attributes: { colour: ["red", "oak"], legs: 4, foldable: false, maker: "Möbel & Co" },
  };

  it.each([
    ["bytes", picture],
    ["a blob", new Blob([picture], { type: "image/jpeg" })],
    ["a data URL", dataUrl(picture)],
    ["a picture that is stored", `sha256:${sha256(picture)}`],
  ])("come back as they were put with %s", async (_, image) => {
    await product.corkboard.items.put("chair-1", { image, ...fields });
    const item = await product.corkboard.items.get("chair-1");
    expect(item).toMatchObject({
      id: "chair-1",
      ...fields,
      image: { sha256: sha256(picture), type: "image/jpeg" },
    });
  });

  it("change nothing when they are put again, and have a version", async () => {
    expect(await product.corkboard.items.put("chair-1", { image: picture, ...fields })).toMatchObject({
      changed: false,
    });
    const { version } = await product.corkboard.items.get("chair-1");
    const written = await product.corkboard.items.put(
      "chair-1",
      { ...fields, price: 50 },
      { ifVersion: version },
    );
    expect(written).toEqual({ id: "chair-1", version: version + 1, created: false, changed: true });
    await expect(product.corkboard.items.put("chair-1", fields, { ifVersion: version })).rejects.toThrow(
      ConflictError,
    );
    await expect(product.corkboard.items.put("chair-1", fields, { ifVersion: 0 })).rejects.toThrow(
      ConflictError,
    );
  });

  it("show their pictures as they were sent, safely and forever", async () => {
    const item = await product.corkboard.items.get("chair-1");
    const blob = await product.corkboard.pictures.get(item.image.sha256!);
    expect(new Uint8Array(await blob.arrayBuffer())).toEqual(picture);
    const response = await fetch(product.corkboard.pictures.url(item)!);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      "content-type": "image/jpeg",
      "cache-control": "public, max-age=31536000, immutable",
      "x-content-type-options": "nosniff",
      "content-security-policy": expect.stringContaining("default-src 'none'"),
    });
    const again = await fetch(product.corkboard.pictures.url(item)!, {
      headers: { "if-none-match": response.headers.get("etag")! },
    });
    expect(again.status).toBe(304);
    const byItem = await fetch(`${product.server.origin}/v1/items/chair-1/picture`);
    expect(byItem.url).toBe(product.corkboard.pictures.url(item));
  });

  it("are gone when they were deleted", async () => {
    await product.corkboard.items.put("gone", { image: picture });
    await product.corkboard.items.delete("gone");
    await expect(product.corkboard.items.get("gone")).rejects.toThrow(NotFoundError);
    await expect(product.corkboard.items.delete("gone")).rejects.toThrow(NotFoundError);
  });

  it("say what is wrong with them", async () => {
    const refused = async (id: string, item: object) =>
      product.corkboard.items.put(id, item).then(
        () => expect.fail("must be refused"),
        (error: ProblemError) => error.code,
      );
    expect(await refused("new", { title: "no picture" })).toBe("picture-missing");
    expect(await refused("new", { image: "a red chair" })).toBe("invalid-image");
    expect(await refused("new", { image: `sha256:${"0".repeat(64)}` })).toBe("picture-not-stored");
    expect(await refused("new", { image: picture, price: -1 })).toBe("invalid-request");
    expect(await refused("new", { image: picture, colour: "red" })).toBe("invalid-request");
    expect(await refused("-new", { image: picture })).toBe("invalid-request");
    expect(await refused("new", { image: new Uint8Array([1, 2, 3]) })).toBe("unsupported-picture");
  });
});

describe("batches", () => {
  it("take any iterable, write what is good and say what is not", async () => {
    async function* items() {
      for (let seed = 10; seed < 16; seed++) {
        yield {
          id: `batch-${seed}`,
          image: drawJpeg(seed),
          category: seed % 2 ? "odd" : "even",
          price: seed,
        };
      }
      yield { id: "bad", image: new Uint8Array([1, 2, 3]) };
      yield { id: "no id !", image: drawJpeg(1) };
    }
    const results = await collect(product.corkboard.items.batch(items(), { size: 3, concurrency: 2 }));
    results.sort((a, b) => a.index - b.index);
    expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true, true, true, false, false]);
    expect(results[0]).toEqual({
      index: 0,
      ok: true,
      id: "batch-10",
      version: 1,
      created: true,
      changed: true,
    });
    const problems = results.flatMap((one) => (one.ok ? [] : [one.problem.code]));
    expect(problems).toEqual(["unsupported-picture", "invalid-line"]);
    expect(results[6]).toMatchObject({ id: "bad", problem: { status: 415 } });
  });

  it("are listed page by page, by state and by category", async () => {
    await product.embedded(...[10, 11, 12, 13, 14, 15].map((seed) => `batch-${seed}`));
    const odd = await collect(product.corkboard.items.all({ category: "odd", limit: 2 }));
    expect(odd.map(({ id }) => id)).toEqual(["batch-11", "batch-13", "batch-15"]);
    const page = await product.corkboard.items.list({ limit: 2, state: "embedded", category: "even" });
    expect(page.items.map(({ id }) => id)).toEqual(["batch-10", "batch-12"]);
    const rest = await product.corkboard.items.list({
      limit: 2,
      state: "embedded",
      category: "even",
      cursor: page.next,
    });
    expect(rest).toEqual({ items: [await product.corkboard.items.get("batch-14")] });
    await expect(product.corkboard.items.list({ cursor: "nonsense" })).rejects.toThrow(ProblemError);
  });

  it("end where the limit of lines is", async () => {
    const lines = Array.from({ length: 402 }, (_, n) => `{"id":"line-${n}"}\n`).join("");
    const headers = { "content-type": "application/x-ndjson" };
    const response = await fetch(`${product.server.origin}/v1/items:batch`, {
      method: "POST",
      headers,
      body: lines,
    });
    const answers = (await response.text()).trim().split("\n");
    expect(answers).toHaveLength(401);
    expect(JSON.parse(answers[400]!)).toMatchObject({
      line: 401,
      ok: false,
      problem: { code: "batch-too-long" },
    });
  });
});
