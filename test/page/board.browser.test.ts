/** The page's board in a real browser, with the server as the encoder. */
import { describe, expect, it } from "vitest";
import type { EmbeddingList } from "../../src/http/schemas/embeddings.ts";
import { brokenPhoto, cosine, photo } from "./pictures.ts";
import { setStage } from "./stage.ts";
import type { PictureFile } from "./visit.ts";

const stage = setStage();

/** The API's own answer for a picture. */
async function embeddingByApi({ name, mimeType, bytes }: PictureFile): Promise<readonly number[]> {
  const form = new FormData();
  form.append("image", new Blob([bytes.slice()], { type: mimeType }), name);
  const response = await stage.fetch("/v1/embeddings", { method: "POST", body: form });
  const { data } = (await response.json()) as EmbeddingList;
  return data[0]!.embedding as readonly number[];
}

describe("pinning pictures", () => {
  it("shows the similarity that the API's vectors have", async () => {
    const visitor = await stage.visit();
    await visitor.choose("A", photo(1));
    await visitor.choose("B", photo(2));
    await visitor.encoded("A");
    await visitor.encoded("B");
    const expected = cosine(await embeddingByApi(photo(1)), await embeddingByApi(photo(2)));
    expect(await visitor.similarity()).toBeCloseTo(expected, 3);
    expect(await visitor.page.locator(".cells").count()).toBe(3);
    expect(await visitor.page.locator(".tape").count()).toBe(3);
    expect(visitor.errors).toEqual([]);
  });

  it("takes two dropped files at once, the first where they were dropped", async () => {
    const visitor = await stage.visit();
    await visitor.drop("[data-part=print-1]", [photo(1), photo(2)]);
    await visitor.encoded("A");
    await visitor.encoded("B");
    expect(await visitor.place("B").textContent()).toContain("photo-1.jpg");
    expect(await visitor.place("A").textContent()).toContain("photo-2.jpg");
  });

  it("pins pasted pictures where there is room", async () => {
    const visitor = await stage.visit();
    await visitor.pasteSquare("teal");
    await visitor.encoded("A");
    await visitor.pasteSquare("crimson");
    await visitor.encoded("B");
    expect(await visitor.similarity()).toBeLessThan(1);
  });

  it("finds two drawings of mugs more alike than a mug and a chair", async () => {
    const visitor = await stage.visit();
    const pin = (name: string) =>
      visitor.page.getByRole("button", { name: `Pin the drawing: ${name}` }).click();
    await pin("blue mug");
    await visitor.encoded("A");
    await pin("red mug");
    await visitor.encoded("B");
    const mugs = await visitor.similarity();
    expect(await visitor.badges("A")).toContain("drawing");
    await visitor.place("B").getByRole("button", { name: "Remove" }).click();
    await pin("walnut chair");
    await visitor.encoded("B");
    expect(await visitor.similarity()).toBeLessThan(mugs);
  });

  it("answers from the cache when somebody has embedded the picture before", async () => {
    const visitor = await stage.visit();
    await visitor.choose("A", photo(3));
    await visitor.encoded("A");
    expect(await visitor.badges("A")).toContain("computed");
    const again = await stage.visit({ encoder: "auto" });
    await again.choose("A", photo(3));
    await again.encoded("A");
    expect((await again.badges("A"))[0]).toMatch(/^cached, (edge|store)$/);
    expect(await again.embedding("A")).toEqual(await visitor.embedding("A"));
  });

  it("shows the time of each stage", async () => {
    const visitor = await stage.visit();
    await visitor.choose("A", photo(4));
    await visitor.encoded("A");
    const stages = await visitor.page.locator("[data-part=reading-0] .stage-list li").allInnerTexts();
    expect(stages.map((text) => text.replace(/ [\d.]+ m?s$/, ""))).toEqual(
      expect.arrayContaining(["hash", "decode", "resize", "model", "network"]),
    );
  });
});

describe("when something is wrong", () => {
  it("shows the API's problem at the picture, and works on with the next", async () => {
    const visitor = await stage.visit();
    await visitor.choose("A", brokenPhoto());
    await visitor.settled("A");
    const slip = visitor.place("A").getByRole("alert");
    expect(await slip.textContent()).toMatch(/cannot be decoded/i);
    expect(await slip.getByRole("button", { name: "Try again" }).isVisible()).toBe(true);
    await visitor.choose("A", photo(1));
    await visitor.encoded("A");
    expect(await slip.isVisible()).toBe(false);
  });

  it("refuses files that are no pictures, without asking the server", async () => {
    const visitor = await stage.visit();
    const bytes = new TextEncoder().encode("hello");
    await visitor.drop("[data-part=board]", [{ name: "a.txt", mimeType: "text/plain", bytes }]);
    await visitor.settled("A");
    expect(await visitor.place("A").getByRole("alert").textContent()).toContain("a.txt is text/plain.");
    expect(visitor.errors).toEqual([]);
  });

  it("says that the server cannot be reached, and tries again when asked", async () => {
    const visitor = await stage.visit();
    await visitor.page.route("**/v1/**", (route) => route.abort());
    await visitor.choose("A", photo(1));
    await visitor.settled("A");
    const slip = visitor.place("A").getByRole("alert");
    expect(await slip.textContent()).toContain("The server cannot be reached");
    await visitor.page.unroute("**/v1/**");
    await slip.getByRole("button", { name: "Try again" }).click();
    await visitor.encoded("A");
  });
});

describe("the command for a terminal", () => {
  it("names the picture, quoted where needed, and can be copied", async () => {
    const visitor = await stage.visit();
    await visitor.choose("A", { ...photo(1), name: "my photo.jpg" });
    await visitor.encoded("A");
    const terminal = visitor.page.getByRole("region", { name: "The same from a terminal" });
    await terminal.getByRole("button", { name: "Copy" }).click();
    await terminal.getByRole("button", { name: "Copied" }).waitFor();
    expect(await visitor.page.evaluate(() => navigator.clipboard.readText())).toBe(
      `curl -F image=@'my photo.jpg' ${stage.origin}/v1/embeddings`,
    );
  });
});
