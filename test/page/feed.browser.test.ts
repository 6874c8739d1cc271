/** The feed in the page, in a real browser, on the whole product. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page, Route } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import type { Event } from "../../src/client/index.ts";
import { openShowroom } from "./showroom.ts";

const showroom = openShowroom({ count: 24 });
const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Cards that fill more than a window, so that some are unseen. */
const SMALL = { viewport: { width: 700, height: 700 } };

/** Somebody new for each test: what one was shown, another was not. */
let user: string;
beforeEach(() => {
  user = `tester-${crypto.randomUUID()}`;
});

const open = (options = {}, name = user) => showroom.open(`#/feed?as=${name}`, { ...SMALL, ...options });
const cards = (page: Page) => page.locator(".feed-card");
const idsOf = (page: Page, list = ".feed-card") =>
  page.locator(list).evaluateAll((all) => all.map((card) => (card as HTMLElement).dataset.id ?? ""));
const button = (page: Page, at: number, name: RegExp) => cards(page).nth(at).getByRole("button", { name });

/** All events that the page has sent. */
function sentEvents(page: Page): Event[] {
  const events: Event[] = [];
  page.on("request", (request) => {
    if (!request.url().endsWith("/v1/events")) return;
    events.push(...(request.postDataJSON() as { events: Event[] }).events);
  });
  return events;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 50));
}

async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const { violations: found } = (await page.evaluate("axe.run()")) as AxeResults;
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

const problem = (status: number) => (route: Route) =>
  route.fulfill({
    status,
    contentType: "application/problem+json",
    headers: { "retry-after": "1" },
    json: {
      type: "x",
      status,
      code: "busy",
      title: "Too busy",
      detail: "The catalogue rests.",
      hint: "Wait.",
    },
  });

describe("the feed", () => {
  it("goes on as one scrolls, repeats nothing, and says when it ends", async () => {
    const { page, errors } = await open();
    await cards(page).first().waitFor();
    const first = (await idsOf(page)).length;
    await until(async () => {
      await page.mouse.wheel(0, 2_000);
      return page.getByText("That is all there is for now.").isVisible();
    });
    const ids = await idsOf(page);
    expect(ids.length).toBeGreaterThan(first);
    expect(new Set(ids)).toEqual(new Set(showroom.products.map(({ id }) => id)));
    expect(ids).toHaveLength(new Set(ids).size);
    expect(errors).toEqual([]);
  });

  it("of somebody unknown is cold, and says what that means to who points at it", async () => {
    const { page } = await open();
    const chip = page.locator(".path-chip");
    await chip.getByText("cold").waitFor();
    const note = chip.getByText("No model was asked");
    expect(await note.isVisible()).toBe(false);
    await chip.hover();
    await note.waitFor();
    await page.mouse.move(5, 5);
    await note.waitFor({ state: "hidden" });
    await chip.locator("summary").focus();
    await page.keyboard.press("Enter");
    await note.waitFor();
    await page.keyboard.press("Escape");
    await note.waitFor({ state: "hidden" });
  });

  it("follows a save: what was not on screen makes room, interests and path change, and why says so", async () => {
    const { page, errors } = await open();
    const events = sentEvents(page);
    await cards(page).nth(8).waitFor();
    await page.waitForLoadState("networkidle");
    await button(page, 0, /^Save/).scrollIntoViewIfNeeded();
    const onScreen = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>(".feed-card")]
        .filter((card) => card.getBoundingClientRect().top < innerHeight)
        .map((card) => card.dataset.id ?? ""),
    );
    const before = await idsOf(page);
    expect(before.length).toBeGreaterThan(onScreen.length);
    const [id] = before;
    await button(page, 0, /^Save/).click();
    const title = (await showroom.item(id!)).title!;
    await page.getByRole("heading", { name: `After saving ${title}` }).waitFor();
    await page.locator(".feed-turn").nth(1).locator(".feed-card").first().waitFor();
    expect(await idsOf(page, ".feed-turn:first-child .feed-card")).toEqual(onScreen);
    const [fresh] = await idsOf(page, ".feed-turn:nth-child(2) .feed-card");
    expect(before).not.toContain(fresh);
    expect(await button(page, 0, /^Saved/).getAttribute("aria-pressed")).toBe("true");
    expect(await page.locator(".path-chip").getAttribute("data-path")).toBe("edge");
    await page.locator(`.interest[data-medoid="${id}"]`).getByText("100 %").waitFor({ state: "attached" });
    const card = page.locator(`[data-id="${fresh}"]`);
    await card.getByRole("button", { name: /^Why/ }).click();
    await card.getByText(`by your interest in ${title}`).waitFor();
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ user, item: id, action: "save", surface: "feed" });
    expect(events[0]!.slate).toMatch(/^[0-9a-f-]{36}$/);
    expect(errors).toEqual([]);
  });

  it("never shows again what was hidden", async () => {
    const { page } = await open();
    await cards(page).first().waitFor();
    const [id] = await idsOf(page);
    await button(page, 0, /^Hide/).click();
    await page.getByRole("heading", { name: /^After hiding/ }).waitFor();
    await page.reload();
    await cards(page).first().waitFor();
    await until(async () => {
      await page.mouse.wheel(0, 2_000);
      return page.getByText("That is all there is for now.").isVisible();
    });
    const ids = await idsOf(page);
    expect(ids).not.toContain(id);
    expect(ids).toHaveLength(showroom.products.length - 1);
  });

  it("comes back to what made room unseen, once nothing else is left", async () => {
    const { page } = await open();
    await cards(page).nth(8).waitFor();
    const before = await idsOf(page);
    await button(page, 0, /^Save/).click();
    await page.getByRole("heading", { name: /^After saving/ }).waitFor();
    await until(async () => {
      await page.mouse.wheel(0, 2_000);
      return page.getByText("That is all there is for now.").isVisible();
    });
    const ids = await idsOf(page);
    expect(new Set(ids)).toEqual(new Set(showroom.products.map(({ id }) => id)));
    expect(ids).toHaveLength(new Set(ids).size);
    expect(before.every((id) => ids.includes(id))).toBe(true);
  });

  it("counts an item that is opened as a closer look, once, together with others", async () => {
    const { page } = await open();
    const events = sentEvents(page);
    await cards(page).nth(1).waitFor();
    const ids = await idsOf(page);
    for (const at of [0, 1]) {
      await cards(page).nth(at).locator(".print-link").click();
      await page.getByRole("dialog").waitFor();
      await page.keyboard.press("Escape");
      await page
        .getByRole("dialog")
        .waitFor({ state: "detached" })
        .catch(() => {});
      await page.waitForURL((url) => !url.hash.includes("open="));
    }
    await until(() => events.length >= 2);
    expect(events.map(({ item, action }) => [item, action])).toEqual([
      [ids[0], "closeup"],
      [ids[1], "closeup"],
    ]);
    await until(async () => (await showroom.client.people.interests(user)).length > 0);
  });

  it("counts going to where an item is at home as a click, though the page is left by it", async () => {
    const { page } = await open();
    const events = sentEvents(page);
    await cards(page).first().waitFor();
    const [id] = await idsOf(page);
    const home = new URL("/docs", page.url()).href;
    await page.route(`**/v1/items/${id}`, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), link: home } });
    });
    await cards(page).first().locator(".print-link").click();
    await page.getByRole("dialog").getByRole("link", { name: "Where it is at home" }).click();
    await page.waitForURL(home);
    await page.goBack();
    await until(() => events.some(({ action }) => action === "click"));
    const clicks = events.filter(({ action }) => action === "click");
    expect(clicks[0]).toMatchObject({ user, item: id, surface: "feed" });
    expect(clicks[0]!.slate).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(clicks.map((event) => event.id)).size).toBe(1);
    await until(async () => (await showroom.client.people.interests(user))[0]?.medoid === id);
  });

  it("says that there is nothing, and where things come from, while the catalogue is empty", async () => {
    const { page, errors } = await open({}, "nobody-yet");
    await page.route("**/v1/users/*/feed*", (route) =>
      route.fulfill({ headers: { "x-corkboard-path": "cold" }, json: { items: [], slate: "slate-1" } }),
    );
    await page.reload();
    await page.getByText("There is nothing to show yet").waitFor();
    expect(await page.locator(".skeleton").count()).toBe(0);
    expect(await page.getByText("That is all there is for now.").isVisible()).toBe(false);
    expect(await violations(page)).toEqual([]);
    await page.getByRole("link", { name: "To the catalogue" }).click();
    await page.waitForURL((url) => url.hash === "#/catalog");
    expect(errors).toEqual([]);
  });
});

describe("events", () => {
  it("that could not be sent are sent on the next visit, once", async () => {
    const { page } = await open();
    await cards(page).first().waitFor();
    await page.route("**/v1/events", (route) => route.abort());
    const [id] = await idsOf(page);
    await button(page, 0, /^Save/).click();
    await page.getByText("it is told later").waitFor();
    expect(await showroom.client.people.interests(user)).toEqual([]);
    await page.unroute("**/v1/events");
    await page.reload();
    await until(async () => (await showroom.client.people.interests(user))[0]?.medoid === id);
    await page.waitForFunction(() => localStorage.getItem("corkboard-outbox") === null);
  });

  it("that are refused are taken back, and it is said why", async () => {
    const { page } = await open();
    await cards(page).first().waitFor();
    await page.route("**/v1/events", problem(400));
    await button(page, 0, /^Save/).click();
    await page.getByRole("alert").getByText("The catalogue rests.").waitFor();
    expect(await button(page, 0, /^Save/).getAttribute("aria-pressed")).toBe("false");
    expect(await page.evaluate(() => localStorage.getItem("corkboard-outbox"))).toBeNull();
  });

  it("take a key where the server wants one, which is asked for", async () => {
    const { page } = await open();
    await cards(page).first().waitFor();
    const keys: (string | undefined)[] = [];
    await page.route("**/v1/events", async (route) => {
      const { authorization } = route.request().headers();
      keys.push(authorization);
      if (authorization === undefined) await problem(401)(route);
      else await route.fulfill({ status: 202, json: { accepted: 1, duplicates: 0 } });
    });
    await button(page, 0, /^Save/).click();
    await page.getByLabel("API key").fill("ck_test_key");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^After saving/ }).waitFor();
    expect(keys).toEqual([undefined, "Bearer ck_test_key"]);
  });
});

it("says that the server is busy, and goes on by itself or by button", async () => {
  const { page } = await open({}, "nobody-yet");
  let refuse = true;
  await page.route("**/v1/users/*/feed*", (route) => (refuse ? problem(503)(route) : route.continue()));
  await page.reload();
  const alert = page.getByRole("alert").filter({ hasText: "The catalogue rests." });
  await alert.waitFor();
  await alert.getByText(/tried again by itself in \d+ seconds/).waitFor();
  expect(await page.locator(".skeleton").count()).toBe(0);
  expect(await violations(page)).toEqual([]);
  refuse = false;
  await alert.getByRole("button", { name: "Try again" }).click();
  await cards(page).first().waitFor();
  await alert.waitFor({ state: "detached" });
});

it("keeps a random name, forgets who is behind it, and takes another", async () => {
  const { page } = await showroom.open("#/feed", SMALL);
  await cards(page).first().waitFor();
  const name = await page.evaluate(() => localStorage.getItem("corkboard-visitor"));
  expect(name).toMatch(/^visitor-[0-9a-f-]{36}$/);
  await button(page, 0, /^Save/).click();
  await page.locator(".interest").first().waitFor({ state: "attached" });
  await page.locator("[data-part=interests-card] summary").click();
  await page.getByRole("button", { name: "Forget me" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Forget" }).click();
  await page.getByText(/^1 actions? and \d+ items shown are gone\./).waitFor();
  await page.getByText("None yet.").waitFor();
  expect(await showroom.client.people.interests(name!)).toEqual([]);
  const next = await page.evaluate(() => localStorage.getItem("corkboard-visitor"));
  expect(next).not.toBe(name);
});

it("offers the showroom's people, and shows the feed of who is chosen", async () => {
  const { page } = await showroom.open("#/feed", SMALL);
  const select = page.getByLabel("Feed of");
  await select.locator("option", { hasText: "Ana" }).waitFor({ state: "attached" });
  await select.selectOption("ana");
  await page.getByRole("heading", { name: "Feed of Ana" }).waitFor();
  expect(page.url()).toContain("as=ana");
  await page.goBack();
  await page.getByRole("heading", { name: "Your feed" }).waitFor();
  expect(await select.inputValue()).toBe("");
});

describe("for everybody", () => {
  it.each(["light", "dark"] as const)("passes axe-core in %s colours", async (colorScheme) => {
    const { page } = await open({ colorScheme });
    await cards(page).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.locator("[data-part=interests-card] summary").click();
    await button(page, 0, /^Save/).click();
    await page.getByRole("heading", { name: /^After saving/ }).waitFor();
    await button(page, 1, /^Hide/).click();
    await page.getByRole("heading", { name: /^After hiding/ }).waitFor();
    await page.locator(".interest").first().waitFor();
    await button(page, 0, /^Why/).click();
    await page.locator(".path-chip summary").click();
    expect(await violations(page)).toEqual([]);
  });

  it("works by keyboard alone, and the focus stays", async () => {
    const { page } = await open();
    await cards(page).first().waitFor();
    await cards(page).first().locator(".print-link").focus();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Save/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^After saving/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Saved/);
    expect(await page.getByRole("status").first().textContent()).toMatch(/^After saving/);
  });

  it.each([320, 390])("never scrolls sideways at %i px", async (width) => {
    const phone = { viewport: { width, height: 740 }, hasTouch: true, isMobile: true };
    const { page } = await open(phone);
    await cards(page).nth(3).waitFor();
    await button(page, 0, /^Save/).click();
    await page.getByRole("heading", { name: /^After saving/ }).waitFor();
    await page.locator("[data-part=interests-card] summary").click();
    await page.locator(".interest").first().waitFor();
    await page.locator(".path-chip summary").click();
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(await overflow()).toBe(0);
  });
});
