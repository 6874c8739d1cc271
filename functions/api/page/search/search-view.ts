/** The view that searches: the query on the left, what was found on the board. The address says what is shown. */
import type { Crop } from "../../../../src/client/index.ts";
import { formatCrop } from "../crop/geometry.ts";
import { part } from "../dom.ts";
import { takeFromWindow } from "../intake.ts";
import type { PageContext } from "../item/context.ts";
import { type Route, withParams } from "../route.ts";
import { Facets, filterOf, withoutFilter } from "./facets.ts";
import { Filters } from "./filters.ts";
import { find, sample } from "./finding.ts";
import { QueryPrint } from "./query-print.ts";
import { Results } from "./results.ts";
import { SearchBox } from "./search-box.ts";
import { BY_PICTURE, cropOf, type Subject, Subjects, shownQuery } from "./subject.ts";
import { MAX_UNLIKE, wishOf, withBalance, withUnlike, withWords } from "./wish.ts";

/** Prints that make a board that looks full. */
const FULL_BOARD = 24;

const NO_PICTURE = { like: undefined, crop: undefined, [BY_PICTURE]: undefined, open: undefined } as const;

/** Parameters that change what is found; `open` does not. */
const deciding = (params: URLSearchParams): string => withParams(params, { open: undefined }).toString();

export class SearchView {
  readonly #subjects: Subjects;
  readonly #box: SearchBox;
  readonly #query: QueryPrint;
  readonly #filters: Filters;
  readonly #facets = new Facets();
  readonly #results: Results;
  readonly #explain: HTMLInputElement;
  #shown: string | undefined;
  #running = new AbortController();
  #sampled: string | undefined;

  constructor(
    root: HTMLElement,
    private readonly page: PageContext,
  ) {
    this.#subjects = new Subjects(page.api);
    this.#results = new Results(root, page, {
      retry: () => this.again(),
      unlike: (id) => this.#unlike(id),
    });
    this.#box = new SearchBox(part(root, "ask"), page.api, {
      ask: (words) => this.#goTo(withWords(this.#params, words)),
      take: (files) => this.take(files),
      balance: (share) => page.router.replace({ view: "search", params: withBalance(this.#params, share) }),
      dropPicture: () => this.#go(NO_PICTURE),
      dropUnlike: (id) => {
        const others = wishOf(this.#params).unlike.filter((other) => other !== id);
        this.#goTo(withUnlike(this.#params, others));
      },
    });
    this.#query = new QueryPrint(part(root, "query"), {
      take: (files) => this.take(files),
      crop: (crop) => this.#crop(crop),
      clear: () => this.#go(NO_PICTURE),
    });
    this.#filters = new Filters(root, {
      changed: (changes) => this.#go(changes),
      cleared: () => this.#goTo(withoutFilter(this.#params)),
    });
    this.#explain = part<HTMLInputElement>(root, "explain");
    this.#explain.addEventListener("change", () => this.again());
    const filters = part<HTMLDetailsElement>(root, "filter-card");
    // On a phone, results come before choices.
    filters.open = !matchMedia("(max-width: 48rem)").matches;
    filters.addEventListener("focusin", () => void this.#sample());
    filters.addEventListener("pointerenter", () => void this.#sample());
    takeFromWindow(part(root, "search-board"), (files) => this.take(files));
  }

  /** Searches by the first of the files. */
  take([file]: readonly File[]): void {
    if (file === undefined) return;
    try {
      this.#subjects.bring(file);
    } catch (thrown) {
      this.#results.fail(thrown);
      return;
    }
    // Each picture has its own step back, although only the last is in memory.
    this.#shown = undefined;
    // What was typed beside it belongs to the same question.
    const params = withWords(this.#params, this.#box.typed);
    this.#goTo(withParams(params, { ...NO_PICTURE, [BY_PICTURE]: "1" }));
  }

  show({ params }: Route): void {
    const key = deciding(params);
    this.#filters.show(params);
    if (key === this.#shown) return;
    this.#shown = key;
    void this.#search(params);
  }

  /** The same search again, now or when the view opens: the catalogue has changed, or it failed. */
  again(): void {
    this.#shown = undefined;
    const { route } = this.page.router;
    if (route.view === "search") this.show(route);
  }

  /** Hangs what is new, as long as there is little and the visitor looks at the board rather than at results. */
  catalogueGrew(embedded: number): void {
    const { view, params } = this.page.router.route;
    if (view !== "search" || this.#shown !== "" || deciding(params) !== "") return;
    if (this.#results.count < FULL_BOARD && embedded > this.#results.count) void this.#search(params, true);
  }

  /** @param quietly leave the board as it is until there is an answer */
  async #search(params: URLSearchParams, quietly = false): Promise<void> {
    this.#running.abort();
    const running = new AbortController();
    this.#running = running;
    const { signal } = running;
    if (!quietly) this.#results.wait();
    this.#query.showBusy(!quietly);
    let subject: Subject | undefined;
    const wish = wishOf(params);
    try {
      const { api } = this.page;
      const [one, unlike] = await Promise.all([this.#subjects.of(params), this.#subjects.items(wish.unlike)]);
      subject = one;
      if (signal.aborted) return;
      const crop = cropOf(params, subject);
      this.#query.show(shownQuery(subject), crop);
      this.#box.show(wish, shownQuery(subject), unlike);
      const filter = filterOf(params);
      const explain = this.#explain.checked;
      const found = await find(api, { subject, crop, wish, filter, explain, signal });
      if (signal.aborted) return;
      await this.#results.show(found, { subject, crop, wish, filter, explain });
      this.#learn(found.seen ?? found.results.map(({ item }) => item));
    } catch (thrown) {
      const asked = {
        subject,
        crop: cropOf(params, subject),
        wish,
        filter: filterOf(params),
        explain: false,
      };
      if (!signal.aborted) this.#results.fail(thrown, asked);
    } finally {
      if (this.#running === running) this.#query.showBusy(false);
    }
  }

  /** Results are not to be like this one, either. */
  #unlike(id: string): void {
    const { unlike } = wishOf(this.#params);
    if (unlike.includes(id)) return;
    if (unlike.length >= MAX_UNLIKE) {
      this.page.announce(`A search has up to ${MAX_UNLIKE} of these; the first one went.`);
    }
    this.#goTo(withUnlike(this.#params, [...unlike, id].slice(-MAX_UNLIKE)));
  }

  #crop(crop: Crop | undefined): void {
    const params = withParams(this.#params, { crop: crop && formatCrop(crop), open: undefined });
    this.page.router.replace({ view: "search", params });
  }

  /** Looks through items for what can be filtered by. */
  async #sample(): Promise<void> {
    const category = this.#params.get("category") ?? "";
    if (this.#sampled === category) return;
    this.#sampled = category;
    const { api } = this.page;
    const [overview, items] = await Promise.all([
      api.call((client) => client.catalog(), true),
      sample(api, category || undefined),
    ]).catch(() => [undefined, []] as const);
    if (overview) this.#filters.offerCategories(overview.categories, this.#params);
    this.#learn(items);
  }

  #learn(items: Parameters<Facets["learn"]>[0]): void {
    if (this.#facets.learn(items)) this.#filters.offerAttributes(this.#facets.list(), this.#params);
  }

  get #params(): URLSearchParams {
    return this.page.router.route.params;
  }

  #go(changes: Record<string, string | undefined>): void {
    this.#goTo(withParams(this.#params, changes));
  }

  #goTo(params: URLSearchParams): void {
    this.page.router.go({ view: "search", params });
  }

  /** Menus of what there is, once the catalogue's categories are known. */
  offerCategories(categories: Parameters<Filters["offerCategories"]>[0]): void {
    this.#filters.offerCategories(categories, this.#params);
  }
}
