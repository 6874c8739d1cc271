/** Searching in the page, in a real browser, on the whole product. */
import { describe, expect, it } from "vitest";
import { dropFiles, foundIds, openShowroom } from "./showroom.ts";

const showroom = openShowroom();

const TITLE = "[data-part=results-title]";

describe("searching by a picture", () => {
  it("finds the item whose picture was dropped first", async () => {
    const { page, errors } = await showroom.open();
    const product = showroom.products[3]!;
    await dropFiles(page, "[data-part=search-board]", [product.file]);
    await page.getByText(`Like ${product.file.name}`).first().waitFor();
    expect((await foundIds(page))[0]).toBe(product.id);
    const first = page.locator("[data-part=results] > .pinned").first();
    expect(await first.locator(".closeness-word").textContent()).toBe("Practically the same");
    expect(errors).toEqual([]);
  });

  it("takes a picture from the file chooser, and forgets it when it is removed", async () => {
    const { page } = await showroom.open();
    const { file, id } = showroom.products[5]!;
    const { name, mimeType, bytes } = file;
    const chooser = page.locator("[data-part=query-file]");
    await chooser.setInputFiles({ name, mimeType, buffer: Buffer.from(bytes) });
    await page.getByText(`Like ${name}`).first().waitFor();
    expect((await foundIds(page))[0]).toBe(id);
    await page.getByRole("button", { name: "Remove the picture" }).click();
    await page.locator(TITLE, { hasText: "Some of everything" }).waitFor();
    expect(await page.locator(".closeness").count()).toBe(0);
  });

  it("refuses what is no picture, and says so", async () => {
    const { page } = await showroom.open();
    const bytes = new TextEncoder().encode("hello");
    await dropFiles(page, "[data-part=search-board]", [{ name: "a.txt", mimeType: "text/plain", bytes }]);
    expect(await page.getByRole("alert").textContent()).toContain("a.txt is text/plain.");
  });
});

describe("the crop", () => {
  it("changes what is found when it is drawn with the mouse", async () => {
    const { page, errors } = await showroom.open(`#/search?like=${showroom.products[0]!.id}`);
    await page.getByText(`Like ${showroom.products[0]!.title}`).first().waitFor();
    const scores = () =>
      page.locator(".closeness-word").evaluateAll((all) => all.map((one) => one.getAttribute("title")));
    await foundIds(page);
    const before = await scores();
    const stage = page.locator("[data-part=crop-stage]");
    await stage.scrollIntoViewIfNeeded();
    const box = (await stage.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.1);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, box.y + box.height * 0.3);
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.5);
    await page.mouse.up();
    await page.getByText("Like part of").first().waitFor();
    await foundIds(page);
    expect(await scores()).not.toEqual(before);
    expect(page.url()).toMatch(/crop=0\.\d+/);
    expect(errors).toEqual([]);
  });

  it("can be begun and resized with the keyboard alone", async () => {
    const { page } = await showroom.open(`#/search?like=${showroom.products[1]!.id}`);
    const crop = page.getByRole("button", { name: "Crop", exact: true });
    await crop.focus();
    await page.keyboard.press("Enter");
    await page.getByText("Like part of").first().waitFor();
    await page.getByRole("button", { name: /bottom right corner/ }).focus();
    await page.keyboard.press("Shift+ArrowLeft");
    await page.keyboard.press("ArrowUp");
    expect(new URLSearchParams(page.url().split("?")[1]).get("crop")).toBe("0.2,0.2,0.7,0.78");
    await page.getByRole("button", { name: "Whole picture" }).click();
    await page.waitForFunction(() => !location.hash.includes("crop"));
  });
});

describe("what was found", () => {
  it("leads on to more like one of it, and back", async () => {
    const { page } = await showroom.open();
    await foundIds(page);
    const link = page.getByRole("link", { name: /^More like this/ }).first();
    const title = (await link.textContent())!.replace("More like this: ", "");
    await link.click();
    await page.locator(TITLE, { hasText: `Like ${title}` }).waitFor();
    expect(await foundIds(page)).toHaveLength(showroom.products.length - 1);
    await page.goBack();
    await page.locator(TITLE, { hasText: "Some of everything" }).waitFor();
  });

  it("says exactly how close it is when asked", async () => {
    const { page } = await showroom.open(`#/search?like=${showroom.products[2]!.id}`);
    await foundIds(page);
    await page.getByLabel("Exact scores").check();
    const lines = page.locator(".explanation-lines").first();
    expect(await lines.textContent()).toMatch(/Cosine -?0\.\d{4}\d+ of 256 signs agree/);
  });

  it("passes the filters, which the address keeps", async () => {
    const { page } = await showroom.open();
    await foundIds(page);
    const { category, price } = showroom.products[4]!;
    await page.getByLabel("Category").first().focus();
    await page.locator(`[data-part=category] option[value="${category}"]`).waitFor({ state: "attached" });
    await page.locator("[data-part=category]").selectOption(category);
    await page.locator(TITLE, { hasText: `in ${category}` }).waitFor();
    const expected = showroom.products.filter((product) => product.category === category);
    expect((await foundIds(page)).sort()).toEqual(expected.map(({ id }) => id).sort());
    await page.getByLabel("Price to").fill(String(Math.max(0, Math.floor(price) - 1)));
    await page.getByLabel("Price to").press("Enter");
    await page.getByText("Nothing passes these filters").waitFor();
    await page.reload();
    await page.getByText("Nothing passes these filters").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.locator(TITLE, { hasText: "Some of everything" }).waitFor();
  });

  it("is announced to screen readers, and said to be drawn", async () => {
    const { page } = await showroom.open(`#/search?like=${showroom.products[2]!.id}`);
    await foundIds(page);
    await page.waitForFunction(() => document.querySelector("[role=log]")?.textContent?.includes("results"));
    expect(await page.getByRole("log").textContent()).toMatch(/^Like .+: \d+ results$/);
    expect(await page.getByText("Everything here is a drawing").isVisible()).toBe(true);
  });
});

describe("the item dialog", () => {
  it("opens, leads on and closes by keyboard, and gives the focus back", async () => {
    const { page, errors } = await showroom.open();
    const [id] = await foundIds(page);
    const link = page.locator(`[data-id="${id}"] .print-link`);
    await link.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    const { title, description } = await showroom.item(id!);
    await dialog.getByRole("heading", { name: title! }).waitFor();
    expect(await dialog.textContent()).toContain(description);
    await dialog.getByText("Looks like it").waitFor();
    expect(await page.evaluate(() => document.activeElement?.closest("dialog") !== null)).toBe(true);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !location.hash.includes("open="));
    expect(await link.evaluate((node) => node === document.activeElement)).toBe(true);
    expect(errors).toEqual([]);
  });

  it("opens by its address and searches for more like it", async () => {
    const { id, title } = showroom.products[6]!;
    const { page } = await showroom.open(`#/search?open=${id}`);
    await page.getByRole("dialog").getByRole("link", { name: "More like this" }).click();
    await page.locator(TITLE, { hasText: `Like ${title}` }).waitFor();
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});

it("says that the server cannot be reached, and searches again when asked", async () => {
  const { page } = await showroom.open();
  await foundIds(page);
  await page.route("**/v1/search", (route) => route.abort());
  await dropFiles(page, "[data-part=search-board]", [showroom.products[3]!.file]);
  const slip = page.getByRole("alert");
  await slip.getByText("The server cannot be reached").waitFor();
  await page.unroute("**/v1/search");
  await slip.getByRole("button", { name: "Try again" }).click();
  await page.locator(".closeness").first().waitFor();
});
