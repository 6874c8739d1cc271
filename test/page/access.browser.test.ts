/** The comparison for everybody: keyboard, screen reader, small screens, both colour schemes. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { describe, expect, it } from "vitest";
import { brokenPhoto, photo } from "./pictures.ts";
import { setStage } from "./stage.ts";
import type { Visit } from "./visit.ts";

const stage = setStage();

const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Rules that the page breaks, as axe-core sees it: `rule: element`. */
async function violations({ page }: Visit): Promise<string[]> {
  await page.evaluate(axeSource);
  const results = (await page.evaluate("axe.run()")) as AxeResults;
  return results.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

async function pinTwo(visitor: Visit): Promise<void> {
  await visitor.choose("A", photo(1));
  await visitor.choose("B", photo(2));
  await visitor.encoded("A");
  await visitor.encoded("B");
}

describe.each(["light", "dark"] as const)("in %s colours", (colorScheme) => {
  it("passes axe-core: empty, with two pictures, and with a problem", async () => {
    const visitor = await stage.visit({ colorScheme });
    expect(await violations(visitor)).toEqual([]);
    await pinTwo(visitor);
    await visitor.page.getByText("The strongest dimensions as a table").click();
    expect(await violations(visitor)).toEqual([]);
    await visitor.choose("A", brokenPhoto());
    await visitor.settled("A");
    expect(await violations(visitor)).toEqual([]);
  });
});

it("can be used with the keyboard alone", async () => {
  const visitor = await stage.visit();
  const { page } = visitor;
  await page.reload();
  await page.waitForSelector("html[data-ready]");
  const focused = () =>
    page.evaluate(() => {
      const node = document.activeElement as HTMLInputElement | null;
      return node?.getAttribute("aria-label") ?? node?.labels?.[0]?.textContent ?? node?.textContent ?? "";
    });
  const tabTo = async (name: RegExp) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press("Tab");
      if (name.test(await focused())) return;
    }
    throw new Error(`Tab never reaches ${name}`);
  };
  await page.keyboard.press("Tab");
  expect(await focused()).toBe("Skip to the content");
  await tabTo(/^Auto$/);
  await page.keyboard.press("ArrowLeft");
  expect(await focused()).toBe("Server");
  await tabTo(/^Choose picture A$/);
  await tabTo(/drawing: blue mug/);
  await page.keyboard.press("Enter");
  await visitor.encoded("A");
  await tabTo(/drawing: oak chair/);
  await page.keyboard.press("Space");
  await visitor.encoded("B");
  expect(await visitor.similarity()).toBeGreaterThan(-1);
  const outline = await page.locator(":focus").evaluate((node) => getComputedStyle(node).outlineStyle);
  expect(outline).toBe("solid");
});

it("tells screen readers what was encoded and how alike the pictures are", async () => {
  const visitor = await stage.visit();
  await pinTwo(visitor);
  const log = visitor.page.getByRole("log");
  expect(await log.textContent()).toMatch(/Picture [AB], photo-[12]\.jpg: encoded\./);
  expect(await log.textContent()).toMatch(/Cosine similarity -?[\d.]+\. \d+ of 256 bits agree\./);
  const grids = visitor.page.getByRole("img", { name: /^Embedding of photo-1.jpg: 256 numbers/ });
  expect(await grids.count()).toBe(1);
});

it.each([320, 360, 768])("never scrolls sideways at %i px", async (width) => {
  const visitor = await stage.visit({ viewport: { width, height: 740 }, hasTouch: true, isMobile: true });
  const overflow = () =>
    visitor.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  await visitor.choose("A", { ...photo(1), name: "a-very-long-name-without-any-space-in-it.jpg" });
  await visitor.choose("B", brokenPhoto());
  await visitor.encoded("A");
  await visitor.settled("B");
  expect(await overflow()).toBe(0);
});
