/** The view of the whole catalogue: how far it is, what is in it, what comes in and goes out. */
import type { ItemStatus, Overview } from "../../../../src/client/index.ts";
import { part } from "../dom.ts";
import { takeFromWindow } from "../intake.ts";
import type { PageContext } from "../item/context.ts";
import { type Route, withParams } from "../route.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { AddTray } from "./add-tray.ts";
import { showDuplicates } from "./duplicates.ts";
import { Entries } from "./entries.ts";
import { catalogMarkup } from "./markup.ts";
import { progressPanel } from "./progress.ts";

const STATES: readonly ItemStatus[] = ["pending", "embedded", "failed"];

const deciding = (params: URLSearchParams): string =>
  withParams(params, { open: undefined, as: undefined }).toString();

export class CatalogView {
  readonly #root: HTMLElement;
  readonly #entries: Entries;
  readonly #tray: AddTray;
  readonly #choices: HTMLFormElement;
  #shown: string | undefined;

  /** @param hurry has the overview asked for now */
  constructor(
    root: HTMLElement,
    private readonly page: PageContext,
    private readonly hurry: () => void,
  ) {
    root.append(...catalogMarkup());
    this.#root = root;
    const parts = {
      list: part(root, "entries"),
      more: part<HTMLButtonElement>(root, "more-entries"),
      notice: part(root, "entries-notice"),
    };
    this.#entries = new Entries(parts, page, hurry);
    this.#tray = new AddTray(root, page, (id) => {
      hurry();
      void this.#entries.prepend(id);
    });
    this.#choices = part<HTMLFormElement>(root, "entry-choices");
    this.#choices.addEventListener("submit", (event) => event.preventDefault());
    this.#choices.addEventListener("change", (event) => {
      const { name, value } = event.target as HTMLInputElement;
      const params = withParams(this.page.router.route.params, { [name]: value, open: undefined });
      this.page.router.go({ view: "catalog", params });
    });
    part(root, "retry-all").addEventListener("click", () => void this.#retryAll());
    takeFromWindow(part(root, "add-board"), (files) => this.#tray.take(files));
  }

  show({ params }: Route): void {
    part(this.#root, "entries").dataset.as = params.get("as") === "list" ? "list" : "grid";
    for (const field of this.#choices.querySelectorAll<HTMLSelectElement | HTMLInputElement>("[name]")) {
      const value = params.get(field.name) ?? "";
      if (field instanceof HTMLInputElement) field.checked = field.value === value;
      else field.value = value;
    }
    const key = deciding(params);
    if (key === this.#shown) return;
    this.#shown = key;
    const wanted = params.get("show");
    const twins = part(this.#root, "duplicates");
    twins.hidden = wanted !== "duplicates";
    if (wanted === "duplicates") {
      this.#entries.hide();
      void showDuplicates(twins, this.page);
      return;
    }
    const state = STATES.find((one) => one === wanted);
    const category = params.get("category") || undefined;
    void this.#entries.show({ state, category });
  }

  /** What the catalogue's counts are now. */
  update(overview: Overview): void {
    part(this.#root, "progress").replaceChildren(progressPanel(overview));
    part(this.#root, "retry-all").hidden = overview.states.failed === 0;
    const names = overview.categories.map(({ category }) => category).sort();
    this.#tray.offerCategories(names);
    this.#offerCategories(names);
    if (this.#entries.areWaiting) void this.#entries.refresh();
    else if (this.#entries.isEmpty && overview.items > 0 && this.#shown === "") void this.#entries.show({});
  }

  removed(id: string): void {
    this.#entries.remove(id);
    this.hurry();
  }

  #offerCategories(names: readonly string[]): void {
    const select = part<HTMLSelectElement>(this.#root, "entry-category");
    const chosen = this.page.router.route.params.get("category") ?? "";
    const known = [...select.options].map(({ value }) => value).filter(Boolean);
    if (known.join("\n") === names.join("\n")) return;
    select.replaceChildren(new Option("All categories", ""), ...names.map((name) => new Option(name, name)));
    select.value = chosen;
  }

  async #retryAll(): Promise<void> {
    try {
      const retried = await this.page.api.call((client) => client.items.retry());
      this.page.announce(`${retried} items wait again`);
      this.#shown = undefined;
      this.show(this.page.router.route);
      this.hurry();
    } catch (thrown) {
      part(this.#root, "entries-notice").replaceChildren(problemSlip(thrown));
    }
  }
}
