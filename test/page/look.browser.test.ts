/** Shopping and completing looks in the page, in a real browser, on the whole product. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { lookOf } from "../../src/demo/looks.ts";
import { generateProducts, SHOWROOM } from "../../src/demo/products.ts";
import { sampleScenes } from "../../src/demo/sample-scenes.ts";
import { overlap } from "./overlap.ts";
import { dropFiles, openShowroom } from "./showroom.ts";

const SAMPLE = "living-room";
const SCENE = `#/look?sample=${SAMPLE}`;
const BOARD = "[data-part=look-board]";

const stock = generateProducts(SHOWROOM);
const scene = sampleScenes(stock).get(SAMPLE)!;
const inScene = new Set(scene.objects.map(({ productId }) => productId));

/** What is in the scene, and two others of each category of it. */
const others = scene.objects.flatMap(({ category }) =>
  stock.filter((product) => product.category === category && !inScene.has(product.id)).slice(0, 2),
);
const products = [...stock.filter(({ id }) => inScene.has(id)), ...new Set(others)];

/** Boxes agree when they share at least this part of what both cover. */
const SAME_BOX = 0.5;

const showroom = openShowroom({ products });

const picture = async () => ({
  name: "room.jpg",
  mimeType: "image/jpeg",
  bytes: new Uint8Array(
    await readFile(resolve(import.meta.dirname, `../../functions/api/page/public/scenes/${SAMPLE}.jpg`)),
  ),
});

const spots = (page: Page) =>
  page.getByRole("radiogroup", { name: "Things in the picture" }).getByRole("radio");
const settled = (page: Page) => page.waitForSelector("[data-part=look-found]:not([aria-busy])");
const title = async (page: Page) => (await page.locator("[data-part=look-title]").textContent()) ?? "";
const productIds = (page: Page) =>
  page
    .locator("[data-part=look-products] .pinned")
    .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.id ?? ""));

/** Opens the scene and waits until its things are found. */
async function openScene(hash = SCENE, options?: Parameters<typeof showroom.open>[1]) {
  const visit = await showroom.open(hash, options);
  await spots(visit.page).first().waitFor();
  await settled(visit.page);
  return visit;
}

describe("a scene that is dropped", () => {
  it("shows its things as points in the right places, the most certain chosen, and products like it", async () => {
    const { page, errors } = await showroom.open("#/look");
    await page.getByText("No look is pinned yet").waitFor();
    await dropFiles(page, BOARD, [await picture()]);
    await spots(page).first().waitFor();
    await settled(page);
    expect(await spots(page).first().getAttribute("aria-checked")).toBe("true");
    expect(await page.locator("[role=radio][aria-checked=true]").count()).toBe(1);
    const found = await page.locator(".spot").evaluateAll((all) =>
      all.map((spot) => {
        const stage = spot.closest(".look-stage")!.querySelector("img")!.getBoundingClientRect();
        const { left, top, right, bottom } = spot.getBoundingClientRect();
        return {
          category: spot.querySelector(".spot-name")!.textContent!.replace(/ \d+$/, ""),
          box: [
            (left - stage.left) / stage.width,
            (top - stage.top) / stage.height,
            (right - stage.left) / stage.width,
            (bottom - stage.top) / stage.height,
          ] as [number, number, number, number],
        };
      }),
    );
    const agreeing = scene.objects.filter(({ category, box }) =>
      found.some((spot) => spot.category === lookOf(category) && overlap(spot.box, box) > SAME_BOX),
    );
    expect(agreeing.length).toBeGreaterThanOrEqual(2);
    expect(await title(page)).toBe(
      `Like the ${await spots(page).first().locator(".spot-name").textContent()}`,
    );
    expect((await productIds(page)).length).toBeGreaterThan(0);
    expect(await page.locator(".look-timing").textContent()).toMatch(/Time .*ms/);
    expect(errors).toEqual([]);
  });

  it("is refused when it is no picture, and the problem is shown", async () => {
    const { page } = await openScene();
    const bytes = new TextEncoder().encode("hello");
    await dropFiles(page, BOARD, [{ name: "a.txt", mimeType: "text/plain", bytes }]);
    expect(await page.getByRole("alert").textContent()).toContain("a.txt is text/plain.");
  });

  it("shows the server's problem when it cannot be decoded", async () => {
    const { page } = await showroom.open("#/look");
    const { bytes, ...file } = await picture();
    await dropFiles(page, BOARD, [{ ...file, bytes: bytes.slice(0, 300) }]);
    const slip = page.getByRole("alert");
    await slip.waitFor();
    expect(await slip.textContent()).toMatch(/picture|JPEG/i);
    expect(await slip.getByRole("button", { name: "Try again" }).count()).toBe(1);
    expect(await spots(page).count()).toBe(0);
  });

  it("says so when nothing is found in it", async () => {
    const { page } = await showroom.open("#/look");
    const bytes = await page.evaluate(async () => {
      const canvas = new OffscreenCanvas(320, 240);
      const context = canvas.getContext("2d")!;
      context.fillStyle = "#8fa3b0";
      context.fillRect(0, 0, 320, 240);
      return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
    });
    await dropFiles(page, BOARD, [
      { name: "grey.png", mimeType: "image/png", bytes: Uint8Array.from(bytes) },
    ]);
    await page.getByText("Nothing was found in this picture").waitFor();
    expect(await spots(page).count()).toBe(0);
  });
});

describe("the things in a scene", () => {
  it("are chosen with the keyboard alone, and each shows its products", async () => {
    const { page } = await openScene();
    await page.getByRole("button", { name: "Remove the look" }).waitFor();
    await spots(page).first().focus();
    const first = await title(page);
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction(
      (before) => document.querySelector("[data-part=look-title]")!.textContent !== before,
      first,
    );
    expect(await spots(page).nth(1).getAttribute("aria-checked")).toBe("true");
    expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-checked"))).toBe("true");
    expect(page.url()).toContain("object=1");
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(
      (before) => document.querySelector("[data-part=look-title]")!.textContent === before,
      first,
    );
    await page.keyboard.press("End");
    expect(await spots(page).last().getAttribute("aria-checked")).toBe("true");
    await page.keyboard.press("Enter");
    expect(await spots(page).last().getAttribute("aria-checked")).toBe("true");
    expect(await page.evaluate(() => document.querySelectorAll(".spots [tabindex='0']").length)).toBe(1);
  });

  it("are chosen by a click anywhere in their box", async () => {
    const { page } = await openScene();
    const second = page.locator(".spot").nth(1);
    const { x, y, width, height } = (await second.boundingBox())!;
    await page.mouse.click(x + width / 2, y + height / 2);
    await page.waitForURL(/object=1/);
    expect(await spots(page).nth(1).getAttribute("aria-checked")).toBe("true");
  });

  it("open a product in the dialog, and are still there when it closes", async () => {
    const { page } = await openScene();
    const card = page.locator("[data-part=look-products] .print-link").first();
    await card.click();
    await page.getByRole("dialog").getByRole("heading", { level: 2 }).waitFor();
    expect(page.url()).toContain("open=");
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.hash.includes("open="));
    expect(await spots(page).count()).toBeGreaterThan(0);
  });

  it("can be looked for by category", async () => {
    const { page } = await openScene();
    const name = (await spots(page).first().locator(".spot-name").textContent())!.replace(/ \d+$/, "");
    const before = await spots(page).count();
    await page.getByRole("checkbox", { name, exact: true }).check({ force: true });
    await page.waitForURL(new RegExp(`categories=${name}`));
    await page.waitForFunction((count) => document.querySelectorAll(".spot").length < count, before);
    for (const text of await page.locator(".spot-name").allTextContents())
      expect(text).toMatch(new RegExp(`^${name}`));
    await page.getByRole("button", { name: "Look for all" }).click();
    await page.waitForFunction((count) => document.querySelectorAll(".spot").length === count, before);
  });
});

describe("the gate", () => {
  it("lets only products of the thing's own category through, until it is opened", async () => {
    const { page } = await openScene(`${SCENE}&products=24`);
    const name = (await spots(page).first().locator(".spot-name").textContent())!.replace(/ \d+$/, "");
    const looks = async () => {
      const items = await Promise.all((await productIds(page)).map((id) => showroom.item(id)));
      return new Set(items.map(({ category }) => lookOf(category as Parameters<typeof lookOf>[0])));
    };
    expect(await looks()).toEqual(new Set([name]));
    await page.getByLabel("Only products of the same category").uncheck();
    await page.waitForURL(/gate=off/);
    await settled(page);
    expect((await looks()).size).toBeGreaterThan(1);
  });

  it("says that there is nothing of a category, and how to look further", async () => {
    const { page } = await showroom.open("#/look");
    await page.route("**/v1/shop-the-look", async (route) => {
      const response = await route.fetch();
      const body = (await response.json()) as { objects: { products: unknown[] }[] };
      const gated = /name="gate"\r\n\r\ntrue/.test(route.request().postDataBuffer()!.toString("latin1"));
      if (gated) body.objects[0]!.products = [];
      await route.fulfill({ response, json: body });
    });
    await page.getByRole("link", { name: /Take the drawing: a green sofa/ }).click();
    await page.getByText(/The catalogue has no .* to show/).waitFor();
    await page.getByRole("button", { name: "Look through all categories" }).click();
    await page.waitForURL(/gate=off/);
    await page.locator("[data-part=look-products] .pinned").first().waitFor();
  });
});

describe("completing a look", () => {
  it("shows what goes with it by category, and where each category looks, drawn and in words", async () => {
    const { page, errors } = await openScene();
    await page.getByLabel("Complete this look").check({ force: true });
    await page.locator(".group-title").first().waitFor();
    await settled(page);
    expect(page.url()).toContain("as=complete");
    const group = (await page.locator(".group-title").first().textContent())!;
    expect(await page.locator("[data-part=heat]").isVisible()).toBe(false);
    await page.getByRole("radio", { name: group, exact: true }).check({ force: true });
    await page.getByText(`Choosing ${group}, the model looks`).waitFor();
    await page.goto(page.url().replace(/category=[^&]+/, "category=curtain"));
    await page.getByText(/Choosing curtain, the model looks/).waitFor();
    expect(await page.locator("[data-part=attention-words]").textContent()).toMatch(
      /the model looks (most at the|a little more at the|evenly at all)/,
    );
    const heat = page.locator("[data-part=heat]");
    await heat.waitFor();
    const shades = await heat.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(Array.from({ length: data.length / 4 }, (_, index) => data[index * 4])).size;
    });
    expect(shades).toBeGreaterThan(8);
    const [veil, image] = [
      await heat.boundingBox(),
      await page.locator("[data-part=look-image]").boundingBox(),
    ];
    expect(veil!.width).toBeCloseTo(image!.width, 0);
    await page.getByLabel("Show it on the picture").uncheck();
    await heat.waitFor({ state: "hidden" });
    expect(errors).toEqual([]);
  });
});

it("has its products below the picture on a phone, and never scrolls sideways", async () => {
  const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
  const { page } = await openScene(SCENE, phone);
  const overflow = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await overflow()).toBe(0);
  const bottom = (box: { y: number; height: number } | null) => box!.y + box!.height;
  const image = await page.locator("[data-part=look-image]").boundingBox();
  const card = await page.locator("[data-part=look-products] .pinned").first().boundingBox();
  const options = await page.locator("[data-part=look-options-card]").boundingBox();
  expect(card!.y).toBeGreaterThan(bottom(image));
  expect(options!.y).toBeGreaterThan(card!.y);
  await spots(page).nth(1).tap();
  await page.waitForURL(/object=1/);
  await page.getByLabel("Complete this look").check({ force: true });
  await page.locator(".group-title").first().waitFor();
  expect(await overflow()).toBe(0);
});
