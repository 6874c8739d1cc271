/** The catalogue's view, in a real browser, on the whole product. */
import { describe, expect, it } from "vitest";
import { photo } from "./pictures.ts";
import { dropFiles, openShowroom } from "./showroom.ts";

const showroom = openShowroom({ count: 3 });

const ADD = "[data-part=add-board]";

describe("adding and deleting", () => {
  it("shows new pictures, and how far they are, until they are embedded", async () => {
    const { page, errors } = await showroom.open("#/catalog");
    await page.locator(".entry").nth(2).waitFor();
    await dropFiles(page, ADD, [
      { ...photo(31), name: "first_disc.jpg" },
      { ...photo(32), name: "second_disc.jpg" },
    ]);
    await page.getByLabel("Title").first().fill("A disc of its own");
    await page.getByLabel("Category of all").fill("disc");
    await page.getByRole("button", { name: "Add 2 pictures" }).click();
    const entry = page.locator(".entry", { hasText: "A disc of its own" });
    await entry.waitFor();
    await page.locator(".entry", { hasText: "second disc" }).waitFor();
    await page.locator(".entry[data-state=embedded]", { hasText: "A disc of its own" }).waitFor();
    await page.locator("[data-count=embedded]", { hasText: "5" }).waitFor();
    expect(await page.locator("[data-count=pending]").textContent()).toBe("0");
    expect(await entry.textContent()).toContain("disc");
    expect(errors).toEqual([]);
  });

  it("deletes an item, but only when that is confirmed", async () => {
    const { client } = showroom;
    await client.items.put("doomed", { image: new Blob([photo(33).bytes.slice()]), title: "Doomed" });
    await showroom.embedded();
    const { page } = await showroom.open("#/catalog");
    const entry = page.locator('[data-id="doomed"]');
    await entry.getByRole("button", { name: "Delete: Doomed" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(await entry.count()).toBe(1);
    await entry.getByRole("button", { name: "Delete: Doomed" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await entry.waitFor({ state: "detached" });
    await expect(client.items.get("doomed")).rejects.toThrow();
  });
});

it("shows why an item failed, and tries it again when asked", async () => {
  const { page } = await showroom.open("#/catalog");
  const item = await showroom.item(showroom.products[0]!.id);
  const failed = { ...item, state: { status: "failed", attempts: 3, reason: "The file ends too early." } };
  // The catalogue refuses broken files at once: an item that fails later is made up.
  await page.route(/\/v1\/items\?.*state=failed/, (route) => route.fulfill({ json: { items: [failed] } }));
  await page.locator("[data-part=entry-choices] [name=show]").selectOption("failed");
  const entry = page.locator(`.entry[data-id="${item.id}"][data-state=failed]`);
  expect(await entry.locator(".reason").textContent()).toBe("The file ends too early.");
  const retried = page.waitForResponse((response) => response.url().endsWith(`/${item.id}:retry`));
  await entry.getByRole("button", { name: /^Retry/ }).click();
  expect((await retried).status()).toBe(202);
  await page.locator(`.entry[data-id="${item.id}"]:not([data-state=failed])`).waitFor();
});

it("shows how far a model's new revision is", async () => {
  const overview = await showroom.client.catalog();
  const { picture } = overview.roles;
  const next = {
    model: "unified-embedding@0123456789ab",
    states: { pending: 1, embedded: picture.total - 1, failed: 0 },
  };
  // A second revision is not built for this: what the server would say of one is made up.
  const { page } = await showroom.open("#/catalog");
  await page.route("**/v1/catalog", (route) =>
    route.fulfill({ json: { ...overview, roles: { ...overview.roles, picture: { ...picture, next } } } }),
  );
  await page.reload();
  const line = page.locator("li", { has: page.locator("[data-count=next]") });
  await line.waitFor();
  expect(await line.textContent()).toBe(
    `new vectors of unified-embedding ${picture.total - 1} of ${picture.total}`,
  );
  expect(await line.getAttribute("title")).toContain(`until it is complete, ${picture.model} answers`);
});

it("names pictures that are there twice", async () => {
  const { client } = showroom;
  const image = new Blob([photo(34).bytes.slice()]);
  for (const id of ["twin-1", "twin-2"]) await client.items.put(id, { image, title: id });
  await showroom.embedded();
  const { page } = await showroom.open("#/catalog?show=duplicates");
  const group = page.locator(".twins", { hasText: "twin-1" });
  await group.waitFor();
  expect(await group.textContent()).toMatch(/twin-2.*the same picture/);
});

it("shows a list as well as a grid", async () => {
  const { page } = await showroom.open("#/catalog");
  await page.locator(".entry").first().waitFor();
  await page.getByLabel("List", { exact: true }).check({ force: true });
  await page.locator(".entries[data-as=list]").waitFor();
  await page.goBack();
  await page.locator(".entries[data-as=grid]").waitFor();
});

describe("where writing takes a key", () => {
  const locked = openShowroom({ count: 1, serve: ["--require-keys"] });

  it("asks for one, keeps it in this tab alone, and goes on", async () => {
    const { page } = await locked.open("#/catalog");
    await dropFiles(page, ADD, [photo(35)]);
    await page.getByRole("button", { name: "Add this picture" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("heading", { name: "This takes a key" }).waitFor();
    const { key } = await locked.client.keys.create({ name: "test", scopes: ["read", "write"] });
    await dialog.getByLabel("API key").fill(key);
    await dialog.getByRole("button", { name: "Use this key" }).click();
    await page.locator(".entry", { hasText: "photo 35" }).waitFor();
    expect(await page.evaluate(() => [sessionStorage.length, localStorage.length])).toEqual([1, 0]);
  });

  it("says what is missing when there is none to give", async () => {
    const { page } = await locked.open("#/catalog");
    await dropFiles(page, ADD, [photo(36)]);
    await page.getByRole("button", { name: "Add this picture" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    expect(await page.getByRole("alert").textContent()).toContain("This takes a key");
  });
});
