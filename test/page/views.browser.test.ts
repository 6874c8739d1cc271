/** All views for everybody: both colour schemes, small screens, the way between them. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { foundIds, openShowroom } from "./showroom.ts";

const showroom = openShowroom({ count: 4 });

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious rules that the page breaks, as axe-core sees it: `rule: element`. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations: found } = (await page.evaluate("axe.run()")) as AxeResults;
  const serious = found.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
  it("has nothing that keeps anybody out", async () => {
    const { id } = showroom.products[0]!;
    const { page, errors } = await showroom.open("", { colorScheme });
    const goTo = (hash: string) =>
      page.evaluate((to) => {
        location.hash = to;
      }, hash);
    await foundIds(page);
    expect(await violations(page)).toEqual([]);
    await goTo(`#/search?like=${id}&crop=0.2,0.2,0.8,0.8`);
    await page.locator(".closeness").first().waitFor();
    expect(await violations(page)).toEqual([]);
    await goTo(`#/search?like=${id}&crop=0.2,0.2,0.8,0.8&open=${id}`);
    await page.getByRole("heading", { name: "Looks like it", exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.hash.includes("open="));
    await showroom.client.boards.put("hall", { title: "Hall", items: [id, "gone"] });
    await goTo("#/boards");
    await page.locator(".board-card").first().waitFor();
    expect(await violations(page)).toEqual([]);
    await goTo("#/boards?board=hall");
    await page.locator("[data-part=suggestions-list] > .pinned").first().waitFor();
    expect(await violations(page)).toEqual([]);
    await goTo(`#/boards?board=hall&open=${id}`);
    await page.getByRole("dialog").getByRole("button", { name: /^Save/ }).click();
    const save = page.getByRole("dialog", { name: "Save to a board" });
    await save.getByRole("button", { name: "Hall" }).click();
    await page.getByRole("status").waitFor();
    expect(await violations(page)).toEqual([]);
    await save.getByRole("button", { name: "Done" }).click();
    await page.keyboard.press("Escape");
    // What lies under it is measured against it.
    await page.getByRole("status").waitFor({ state: "detached" });
    await goTo("#/look");
    await page.getByText("No look is pinned yet").waitFor();
    expect(await violations(page)).toEqual([]);
    await goTo("#/look?sample=living-room");
    await page.locator("[data-part=look-found]:not([aria-busy]) .stages").waitFor();
    expect(await violations(page)).toEqual([]);
    await goTo("#/look?sample=living-room&as=complete&category=curtain");
    await page.getByText(/Choosing curtain, the model looks/).waitFor();
    expect(await violations(page)).toEqual([]);
    await goTo("#/catalog");
    await page.locator(".entry").first().waitFor();
    expect(await violations(page)).toEqual([]);
    await goTo("#/compare");
    await page.locator("[data-part=samples] .sample").first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});

it.each(["light", "dark"] as const)("has a search box for everybody in %s colours", async (colorScheme) => {
  const [one, other] = showroom.products;
  const hash = `#/search?q=chair&like=${one!.id}&not=${other!.id}`;
  const { page } = await showroom.open(hash, { colorScheme });
  await page.locator(".query-chip").nth(2).waitFor();
  await page.waitForSelector("[data-part=results]:not([aria-busy])", { state: "attached" });
  expect(await violations(page)).toEqual([]);
});

it("never scrolls sideways on a phone", async () => {
  const { id } = showroom.products[0]!;
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const overflow = (page: Page) =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const { page } = await showroom.open(`#/search?like=${id}`, phone);
  await foundIds(page);
  expect(await overflow(page)).toBe(0);
  await page.getByRole("link", { name: "Boards", exact: true }).click();
  await page.getByLabel("New board").waitFor();
  expect(await overflow(page)).toBe(0);
  await page.getByRole("link", { name: "Catalogue", exact: true }).click();
  await page.locator(".entry").first().waitFor();
  expect(await overflow(page)).toBe(0);
  await page.getByLabel("List", { exact: true }).check({ force: true });
  expect(await overflow(page)).toBe(0);
});

it("goes from view to view and back, with the focus at each head", async () => {
  const { page } = await showroom.open();
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.getByRole("link", { name: "Catalogue", exact: true }).click();
  await page.waitForFunction(() => document.title.includes("catalogue"));
  expect(await focused()).toBe("What hangs on the board");
  await page.getByRole("link", { name: "Compare", exact: true }).click();
  await page.getByRole("heading", { name: /How alike/ }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "What hangs on the board" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: /Say it, show it/ }).waitFor();
  expect(await page.locator("[data-to=search]").getAttribute("aria-current")).toBe("page");
});
