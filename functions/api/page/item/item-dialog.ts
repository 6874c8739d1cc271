/** One item: its picture, all that is known of it, and what looks like it. */
import type { Item } from "../../../../src/client/index.ts";
import { confirmLoss } from "../access/dialog.ts";
import { saveButton } from "../boards/save-dialog.ts";
import { element } from "../dom.ts";
import { type Route, withParams } from "../route.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { likeAddress, openAddress } from "./card.ts";
import type { PageContext } from "./context.ts";
import { itemPicture } from "./picture.ts";
import { stateBadge, stateReason } from "./state-badge.ts";
import { attributeName, attributeText, isDrawing, priceText, titleOf } from "./words.ts";

/** Similar items that fit into two rows. */
const SIMILAR = 8;

export class ItemDialog {
  readonly #dialog = element("dialog", { class: "item-dialog", "aria-labelledby": "item-title" });
  readonly #content = element("div", { class: "item-content" });
  #shown: string | undefined;

  constructor(private readonly page: PageContext) {
    const close = element("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
    close.addEventListener("click", () => this.#dialog.close());
    this.#dialog.append(close, this.#content);
    document.body.append(this.#dialog);
    this.#dialog.addEventListener("close", () => this.#closed());
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
    page.router.listen((route) => this.follow(route));
  }

  /** Opens or closes, as the address says. */
  follow({ params }: Route): void {
    const id = params.get("open") ?? undefined;
    if (id === this.#shown) return;
    this.#shown = id;
    if (id === undefined) this.#dialog.close();
    else void this.#open(id);
  }

  async #open(id: string): Promise<void> {
    this.#content.replaceChildren(
      element("h2", { id: "item-title", class: "unseen" }, "Item"),
      element("p", { class: "waiting" }, "Fetching the item…"),
    );
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
    try {
      const item = await this.page.api.call((client) => client.items.get(id));
      if (this.#shown !== id) return;
      this.#show(item);
      if (item.state.status === "embedded") await this.#showSimilar(item);
    } catch (thrown) {
      if (this.#shown !== id) return;
      this.#content.append(problemSlip(thrown, () => void this.#open(id)));
      this.#content.querySelector(".waiting")?.remove();
    }
  }

  #show(item: Item): void {
    const { description, price, category, link, attributes = {} } = item;
    const reason = stateReason(item);
    const facts = [category, price === undefined ? undefined : priceText(price)].filter(Boolean).join(" · ");
    const text = element(
      "div",
      { class: "item-text" },
      element("h2", { id: "item-title" }, titleOf(item)),
      element("p", { class: "item-facts" }, facts, " ", stateBadge(item)),
    );
    if (reason !== undefined) text.append(element("p", { class: "reason" }, reason));
    if (description) text.append(element("p", { class: "item-description" }, description));
    const entries = Object.entries(attributes);
    if (entries.length > 0) {
      const rows = entries.map(([name, value]) =>
        element("div", {}, element("dt", {}, attributeName(name)), element("dd", {}, attributeText(value))),
      );
      text.append(element("dl", { class: "attributes" }, ...rows));
    }
    if (isDrawing(item)) text.append(element("p", { class: "aside" }, "A drawing, made for the showroom."));
    text.append(this.#actions(item, link));
    const picture = element("div", { class: "item-picture" }, itemPicture(item, this.page.api, false));
    const similar = element("section", { class: "similar", "aria-label": "Similar items" });
    this.#content.replaceChildren(element("div", { class: "item-columns" }, picture, text), similar);
  }

  #actions(item: Item, link: string | undefined): HTMLElement {
    const row = element("p", { class: "choices" });
    if (item.state.status === "embedded") {
      const like = likeAddress(item.id, this.page);
      row.append(element("a", { class: "button strong", href: like }, "More like this"));
    }
    if (link !== undefined) {
      const home = element("a", { class: "button", href: link, rel: "noreferrer" }, "Where it is at home");
      home.addEventListener("click", () => this.page.followed(item.id));
      row.append(home);
    }
    row.append(saveButton(item, this.page, false));
    const remove = element("button", { type: "button", class: "danger" }, "Delete");
    remove.addEventListener("click", () => void this.#remove(item));
    row.append(remove);
    return row;
  }

  async #showSimilar(item: Item): Promise<void> {
    const query = { item: item.id, limit: SIMILAR };
    const { results } = await this.page.api.call((client) => client.search(query));
    const section = this.#content.querySelector(".similar");
    if (this.#shown !== item.id || section === null || results.length === 0) return;
    const links = results.map(({ item: other }) =>
      element(
        "li",
        {},
        element(
          "a",
          { href: openAddress(other.id, this.page), title: titleOf(other) },
          itemPicture(other, this.page.api),
        ),
      ),
    );
    section.replaceChildren(element("h3", {}, "Looks like it"), element("ul", {}, ...links));
  }

  async #remove(item: Item): Promise<void> {
    const title = titleOf(item);
    const detail = `${title} leaves the catalogue with its picture. This cannot be undone.`;
    if (!(await confirmLoss("Delete this item?", detail, "Delete"))) return;
    try {
      await this.page.api.call((client) => client.items.delete(item.id));
      this.page.announce(`${title} was deleted`);
      this.#dialog.close();
      this.page.removed(item.id);
    } catch (thrown) {
      this.#content.prepend(problemSlip(thrown));
    }
  }

  /** By Escape, by the button, or because the address has changed already. */
  #closed(): void {
    const { route } = this.page.router;
    this.#shown = undefined;
    if (!route.params.has("open")) return;
    this.page.router.leaveTo({ ...route, params: withParams(route.params, { open: undefined }) });
  }
}
