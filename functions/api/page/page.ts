/** Brings the page at `/` to life: its views, the address that chooses among them, and what they share. */
import type { Overview } from "../../../src/client/index.ts";
import { Api } from "./access/api.ts";
import { askForKey } from "./access/key-dialog.ts";
import { announce } from "./announce.ts";
import { BoardsView } from "./boards/boards-view.ts";
import { BoardDrag } from "./boards/drag.ts";
import { BoardKeeper } from "./boards/keeper.ts";
import { CatalogView } from "./catalog/catalog-view.ts";
import { Poll } from "./catalog/poll.ts";
import { isMoving, waitingLine } from "./catalog/progress.ts";
import { part } from "./dom.ts";
import { FeedView } from "./feed/feed-view.ts";
import { ItemDialog } from "./item/item-dialog.ts";
import { LookView } from "./look/look-view.ts";
import { type Route, Router, type ViewName } from "./route.ts";
import { SearchView } from "./search/search-view.ts";

const TITLES: Readonly<Record<ViewName, string>> = {
  search: "Corkboard: search by words and pictures",
  feed: "Corkboard: the feed",
  look: "Corkboard: shop the look, or complete it",
  boards: "Corkboard: boards",
  catalog: "Corkboard: the catalogue",
  compare: "Corkboard: how alike are two pictures?",
};

/** @param script address of the page's script, which is its workers', too */
export function startPage(script: string): void {
  const router = new Router();
  const api = new Api(askForKey);
  const removed = (id: string) => {
    catalog.removed(id);
    search.again();
    feed.removed(id);
    look.again();
    boards.again();
  };
  const followed = (id: string) => {
    if (router.route.view === "feed") feed.followed(id);
  };
  const page = { api, router, announce, removed, followed, boards: new BoardKeeper(api) };
  const search = new SearchView(part(document, "search"), page);
  const feed = new FeedView(part(document, "feed"), page);
  const look = new LookView(part(document, "look"), page);
  const boards = new BoardsView(part(document, "boards"), page);
  new BoardDrag(page);
  const poll = new Poll(() => lookAtCatalogue());
  const catalog = new CatalogView(part(document, "catalog"), page, () => poll.hurry());
  const dialog = new ItemDialog(page);
  let compare: Promise<void> | undefined;
  let known: Overview | undefined;

  /** Answers whether something has changed, or is about to. */
  async function lookAtCatalogue(): Promise<boolean> {
    const overview = await api.call((client) => client.catalog(), true);
    const before = known;
    known = overview;
    const moved = before?.states.embedded !== overview.states.embedded || before?.items !== overview.items;
    part(document, "waiting-line").textContent = waitingLine(overview);
    catalog.update(overview);
    if (!moved) return isMoving(overview);
    search.offerCategories(overview.categories);
    if (before !== undefined) search.catalogueGrew(overview.states.embedded);
    return true;
  }

  async function show(route: Route): Promise<void> {
    for (const view of document.querySelectorAll<HTMLElement>("[data-view]")) {
      view.hidden = view.dataset.view !== route.view;
    }
    for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-to]")) {
      if (link.dataset.to === route.view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    document.title = TITLES[route.view];
    if (route.view === "compare") {
      poll.stop();
      // Its encoders are only loaded by who compares.
      compare ??= import("./compare-view.ts").then(({ openCompare }) => openCompare(script));
      await compare;
      return;
    }
    poll.start();
    if (route.view === "search") search.show(route);
    else if (route.view === "feed") feed.show(route);
    else if (route.view === "look") look.show(route);
    else if (route.view === "boards") boards.show(route);
    else catalog.show(route);
  }

  let shown: ViewName | undefined;
  const arrive = async (route: Route) => {
    const changed = shown !== undefined && shown !== route.view;
    const first = shown === undefined;
    if (shown !== route.view) {
      shown = route.view;
      await show(route);
      if (changed) focusView(route.view);
    } else if (route.view === "search") search.show(route);
    else if (route.view === "feed") feed.show(route);
    else if (route.view === "look") look.show(route);
    else if (route.view === "boards") boards.show(route);
    else if (route.view === "catalog") catalog.show(route);
    if (first) document.documentElement.dataset.ready = "";
  };
  router.listen((route) => void arrive(route));
  followAnchors();
  void arrive(router.route).then(() => dialog.follow(router.route));
}

/** Screen readers and keyboards go on at the head of the new view. */
function focusView(name: ViewName): void {
  const view = part(document, name);
  scrollTo({ top: 0, behavior: "instant" });
  view.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true });
}

/** Anchors within a view leave the address alone, which says which view is open. */
function followAnchors(): void {
  document.addEventListener("click", (event) => {
    const link =
      event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href^='#']") : null;
    const hash = link?.getAttribute("href") ?? "";
    if (hash === "" || hash.startsWith("#/")) return;
    event.preventDefault();
    const target =
      hash === "#view"
        ? document.querySelector("[data-view]:not([hidden]) h1")
        : document.querySelector(hash);
    target?.scrollIntoView({ block: "start" });
    if (target instanceof HTMLElement) target.focus({ preventScroll: true });
  });
}
