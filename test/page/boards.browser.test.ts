/** Boards in the page, in a real browser, on the whole product. */
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { foundIds, openShowroom } from "./showroom.ts";

const showroom = openShowroom({ count: 12 });
const KITCHEN = "kitchen";

beforeEach(async () => {
  // Not there where the tests are skipped.
  if (!showroom.client) return;
  for await (const { id } of showroom.client.boards.all()) await showroom.client.boards.delete(id);
  const items = showroom.products.slice(0, 3).map(({ id }) => id);
  await showroom.client.boards.put(KITCHEN, { title: "Kitchen", description: "What it needs.", items });
});

async function itemsOn(board: string): Promise<string[]> {
  const { items } = await showroom.client.boards.items(board);
  return items.map(({ id }) => id);
}

const toast = (page: Page) => page.getByRole("status");

describe("the boards", () => {
  it("are cards that lead to what is on them", async () => {
    const { page, errors } = await showroom.open("#/boards");
    const card = page.locator(".board-card");
    await card.getByText("3 items").waitFor();
    expect(await card.locator(".mosaic img").count()).toBe(3);
    await card.getByRole("link").click();
    await page.getByRole("heading", { name: "Kitchen" }).waitFor();
    const hung = page.locator("[data-part=board-items] > .pinned");
    await hung.nth(2).waitFor();
    const ids = await hung.evaluateAll((cards) => cards.map((one) => (one as HTMLElement).dataset.id));
    expect(ids).toEqual(await itemsOn(KITCHEN));
    expect(await page.getByText("What it needs. · 3 items").isVisible()).toBe(true);
    await page.goBack();
    await page.getByRole("heading", { name: "What belongs together" }).waitFor();
    expect(errors).toEqual([]);
  });

  it("are made, renamed and deleted, which can be undone", async () => {
    const { page } = await showroom.open("#/boards");
    await page.getByLabel("New board").fill("Réading corner");
    await page.keyboard.press("Enter");
    const card = page.locator(".board-card", { hasText: "Réading corner" });
    await card.getByText("0 items").waitFor();
    expect(await card.getAttribute("data-board")).toMatch(/^reading-corner-[0-9a-z]+$/);
    await card.getByRole("link").click();
    await page.getByText("Nothing hangs here yet").waitFor();
    await page.getByRole("button", { name: "Rename" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Nook");
    await dialog.getByLabel("About it").fill("Small");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Nook" }).waitFor();
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await toast(page).getByText("Nook was deleted").waitFor();
    expect(await page.locator(".board-card").allTextContents()).toEqual(["Kitchen3 items"]);
    await toast(page).getByRole("button", { name: "Undo" }).click();
    await page.locator(".board-card", { hasText: "Nook" }).waitFor();
  });

  it("show what has left the catalogue, and let it be taken off", async () => {
    await showroom.client.boards.add(KITCHEN, "long-gone");
    const { page } = await showroom.open(`#/boards?board=${KITCHEN}`);
    const gone = page.locator(".pinned.gone");
    await gone.getByText("No longer in the catalogue").waitFor();
    await gone.getByRole("button", { name: "Take off" }).click();
    await gone.waitFor({ state: "detached" });
    expect(await itemsOn(KITCHEN)).not.toContain("long-gone");
  });
});

describe("one board", () => {
  it("gives things back that were taken off, to their place", async () => {
    const before = await itemsOn(KITCHEN);
    const { page } = await showroom.open(`#/boards?board=${KITCHEN}`);
    await page
      .getByRole("button", { name: /^Take off/ })
      .first()
      .click();
    await toast(page).getByText("taken off Kitchen").waitFor();
    expect(await itemsOn(KITCHEN)).toEqual(before.slice(1));
    await toast(page).getByRole("button", { name: "Undo" }).click();
    await toast(page).getByText("Undone").waitFor();
    expect(await itemsOn(KITCHEN)).toEqual(before);
  });

  it("suggests what is like it, says why, and takes it", async () => {
    const { page } = await showroom.open(`#/boards?board=${KITCHEN}`);
    const suggestions = page.locator("[data-part=suggestions-list] > .pinned");
    await suggestions.first().waitFor();
    const id = await suggestions.first().getAttribute("data-id");
    expect(await itemsOn(KITCHEN)).not.toContain(id);
    expect(await suggestions.first().locator(".why").textContent()).toMatch(/^Like ./);
    await suggestions.first().getByRole("button", { name: "Add" }).click();
    await page.locator(`[data-part=board-items] > [data-id="${id}"]`).waitFor();
    expect(await itemsOn(KITCHEN)).toContain(id);
    await page.waitForFunction(
      (added) => !document.querySelector(`[data-part=suggestions-list] > [data-id="${added}"]`),
      id,
    );
  });
});

describe("saving", () => {
  it("works by keyboard alone, and gives the focus back", async () => {
    const { page, errors } = await showroom.open();
    const [id] = await foundIds(page);
    const save = page.locator(`[data-id="${id}"]`).getByRole("button", { name: /^Save/ });
    await save.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    const kitchen = dialog.getByRole("button", { name: "Kitchen" });
    await kitchen.waitFor();
    const was = await kitchen.getAttribute("aria-pressed");
    expect(was).toBe(String((await itemsOn(KITCHEN)).includes(id!)));
    await page.waitForFunction(() => document.activeElement?.textContent === "Kitchen");
    await page.keyboard.press("Enter");
    await dialog.locator(`button[aria-pressed="${was !== "true"}"]`).waitFor();
    expect((await itemsOn(KITCHEN)).includes(id!)).toBe(was !== "true");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    expect(await save.evaluate((node) => node === document.activeElement)).toBe(true);
    expect(errors).toEqual([]);
  });

  it("makes a new board on the way", async () => {
    const { id } = showroom.products[5]!;
    const { page } = await showroom.open(`#/search?open=${id}`);
    await page.getByRole("dialog").getByRole("button", { name: /^Save/ }).click();
    const dialog = page.getByRole("dialog", { name: "Save to a board" });
    await dialog.getByLabel("New board").fill("Hall");
    await dialog.getByRole("button", { name: "Make it and save" }).click();
    await dialog.waitFor({ state: "detached" });
    const boards = await showroom.client.boards.list({ item: id });
    expect(boards.boards.map(({ title }) => title)).toContain("Hall");
  });
});

describe("dragging", () => {
  it("with the mouse puts a print on the board of the rail, opens nothing, and can be undone", async () => {
    const { page, errors } = await showroom.open();
    const ids = await foundIds(page);
    const id = ids.find((one) => !showroom.products.slice(0, 3).some((product) => product.id === one))!;
    await drag(page, id, KITCHEN);
    await toast(page).getByText("saved to Kitchen").waitFor();
    expect((await itemsOn(KITCHEN)).at(-1)).toBe(id);
    expect(await page.locator(".rail, .ghost").count()).toBe(0);
    expect(page.url()).not.toContain("open=");
    await toast(page).getByRole("button", { name: "Undo" }).click();
    await toast(page).getByText("Undone").waitFor();
    expect(await itemsOn(KITCHEN)).not.toContain(id);
    expect(errors).toEqual([]);
  });

  it("anywhere else, or ended by Escape, changes nothing", async () => {
    const { page } = await showroom.open();
    const [id] = await foundIds(page);
    const before = await itemsOn(KITCHEN);
    await drag(page, id!, undefined);
    await drag(page, id!, KITCHEN, true);
    expect(await page.locator(".rail, .ghost").count()).toBe(0);
    expect(await itemsOn(KITCHEN)).toEqual(before);
  });

  it("with a finger begins after a long press; before, it scrolls", async () => {
    const { page } = await showroom.open("", {
      hasTouch: true,
      isMobile: true,
      viewport: { width: 390, height: 800 },
    });
    const ids = await foundIds(page);
    const id = ids.find((one) => !showroom.products.slice(0, 3).some((product) => product.id === one))!;
    const card = page.locator(`[data-part=results] [data-id="${id}"] img`);
    await card.scrollIntoViewIfNeeded();
    const box = (await card.boundingBox())!;
    const client = await page.context().newCDPSession(page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", x = 0, y = 0) =>
      client.send("Input.dispatchTouchEvent", { type, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await touch("touchStart", x, y);
    const target = page.locator(`[data-drop="${KITCHEN}"]`);
    await target.waitFor();
    const to = (await target.boundingBox())!;
    await touch("touchMove", x, y + 20);
    await touch("touchMove", to.x + to.width / 2, to.y + to.height / 2);
    await page.locator(".drop.is-aimed-at").waitFor();
    await touch("touchEnd");
    await toast(page).getByText("saved to Kitchen").waitFor();
    expect((await itemsOn(KITCHEN)).at(-1)).toBe(id);
  });
});

/** Drags a result onto a board of the rail; or just away. */
async function drag(page: Page, id: string, board: string | undefined, cancelled = false): Promise<void> {
  const card = page.locator(`[data-part=results] [data-id="${id}"] .print-face`);
  await card.scrollIntoViewIfNeeded();
  const from = (await card.boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 30, from.y + from.height / 2 + 5, { steps: 3 });
  await page.locator(".drop.fresh").waitFor();
  if (board !== undefined) {
    const to = (await page.locator(`[data-drop="${board}"]`).boundingBox())!;
    await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 3 });
    await page.locator(".drop.is-aimed-at").waitFor();
  }
  if (cancelled) await page.keyboard.press("Escape");
  await page.mouse.up();
}
