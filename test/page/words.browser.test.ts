/** The search box: what it asks for, and what the address and the chips say of it. */
import type { Page, Request } from "playwright-core";
import { describe, expect, it } from "vitest";
import { dropFiles, foundIds, openShowroom } from "./showroom.ts";

const showroom = openShowroom({ count: 6 });

const BOX = "Words to search by";
const chips = (page: Page) => page.locator(".query-chip .chip-name").allTextContents();
const params = (page: Page) => new URLSearchParams(page.url().split("?")[1]);

/** The next search that the page asks for, whatever becomes of it. */
function nextSearch(page: Page): Promise<Request> {
  return page.waitForRequest((request) => request.url().endsWith("/v1/search"));
}

describe("words", () => {
  it("are searched by on Enter; the address keeps them", async () => {
    const { page } = await showroom.open();
    await foundIds(page);
    const asked = nextSearch(page);
    await page.getByLabel(BOX).fill("  red dress ");
    await page.keyboard.press("Enter");
    expect((await asked).postDataJSON()).toMatchObject({ text: "red dress", limit: 24 });
    expect(page.url()).toMatch(/#\/search\?q=red\+dress$/);
    await page.locator(".query-chip").waitFor();
    expect(await chips(page)).toEqual(["“red dress”"]);
    const again = nextSearch(page);
    await page.reload();
    expect((await again).postDataJSON()).toMatchObject({ text: "red dress" });
    expect(await page.getByLabel(BOX).inputValue()).toBe("red dress");
  });

  it("go when their chip is removed, and the focus stays in the box", async () => {
    const { page } = await showroom.open("#/search?q=chair");
    await page.getByRole("button", { name: "Remove: “chair”" }).press("Enter");
    await page.getByRole("heading", { name: "Some of everything" }).waitFor();
    expect(await page.getByLabel(BOX).inputValue()).toBe("");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(BOX);
  });

  it("go together with a picture that is dropped beside them", async () => {
    const { page } = await showroom.open();
    await foundIds(page);
    await page.getByLabel(BOX).fill("in blue");
    // Playwright cannot read forms with files.
    const form = page.evaluate(
      () =>
        new Promise<[string, string][]>((found) => {
          const send = window.fetch;
          window.fetch = (input, init) => {
            if (init?.body instanceof FormData) {
              found(
                [...init.body].map(([name, value]) => [name, typeof value === "string" ? value : value.type]),
              );
            }
            return send(input, init);
          };
        }),
    );
    await dropFiles(page, "[data-part=search-board]", [showroom.products[0]!.file]);
    expect(await form).toEqual(
      expect.arrayContaining([
        ["image", "image/jpeg"],
        ["text", "in blue"],
      ]),
    );
    await page.locator(".query-chip").nth(1).waitFor();
    expect(await chips(page)).toEqual(["“in blue”", showroom.products[0]!.file.name]);
    await page.getByRole("button", { name: `Remove: ${showroom.products[0]!.file.name}` }).click();
    await page.waitForURL((url) => !url.hash.includes("picture"));
    expect(params(page).get("q")).toBe("in blue");
  });
});

describe("words with an item", () => {
  it("count as much as the slider says", async () => {
    const { id, title } = showroom.products[1]!;
    const { page } = await showroom.open(`#/search?q=velvet&like=${id}`);
    const slider = page.getByLabel("Words or picture");
    await slider.waitFor();
    expect(await chips(page)).toEqual(["“velvet”", title]);
    const asked = nextSearch(page);
    await slider.fill("75");
    expect((await asked).postDataJSON()).toMatchObject({
      text: "velvet",
      item: id,
      weights: { text: 0.5, image: 1.5 },
    });
    expect(params(page).get("balance")).toBe("0.75");
    expect(await slider.getAttribute("aria-valuetext")).toBe("picture 75 percent");
  });

  it("have no slider alone, and even weights are not mentioned", async () => {
    const { id } = showroom.products[1]!;
    const { page } = await showroom.open();
    await foundIds(page);
    expect(await page.getByLabel("Words or picture").isVisible()).toBe(false);
    const asked = nextSearch(page);
    await page.evaluate((to) => {
      location.hash = to;
    }, `#/search?q=velvet&like=${id}`);
    expect((await asked).postDataJSON()).not.toHaveProperty("weights");
  });
});

describe("what results are not to be like", () => {
  it("is chosen at a result, becomes a chip, and can be taken back", async () => {
    const like = showroom.products[2]!;
    const { page } = await showroom.open(`#/search?like=${like.id}`);
    const [first] = await foundIds(page);
    const { title } = await showroom.item(first!);
    const asked = nextSearch(page);
    await page
      .locator(`[data-part=results] [data-id="${first}"]`)
      .getByRole("button", { name: /^Not this/ })
      .click();
    expect((await asked).postDataJSON()).toMatchObject({ item: like.id, unlike: [{ item: first }] });
    await page.locator(".query-chip.unlike").waitFor();
    expect(await chips(page)).toEqual([like.title, `Not: ${title}`]);
    expect(params(page).getAll("not")).toEqual([first]);
    await page.getByRole("button", { name: `Remove: Not: ${title}` }).click();
    await page.locator(".query-chip.unlike").waitFor({ state: "detached" });
    expect((await foundIds(page))[0]).toBe(first);
  });

  it("goes with the last thing that results are to be like", async () => {
    const [one, other] = showroom.products;
    const { page } = await showroom.open(`#/search?not=${one!.id}&q=chair&not=${other!.id}`);
    await page.locator(".query-chip").nth(2).waitFor();
    await page.getByRole("button", { name: "Remove: “chair”" }).click();
    await page.getByRole("heading", { name: "Some of everything" }).waitFor();
    expect(await chips(page)).toEqual([]);
  });
});
