/** What somebody is interested in, as the API clusters it: the item in the middle, how much it weighs, what it is made of. */
import type { Interest } from "../../../../src/client/index.ts";
import { element, part } from "../dom.ts";
import { openAddress } from "../item/card.ts";
import type { PageContext } from "../item/context.ts";
import { itemPicture } from "../item/picture.ts";
import { titleOf } from "../item/words.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { percent } from "./why.ts";

/** More than these few are noise. */
const SHOWN = 6;

export class InterestsPanel {
  readonly #list: HTMLElement;
  readonly #notice: HTMLElement;
  #user = "";
  /** Grows with every call, so that late answers are left alone. */
  #turn = 0;

  constructor(
    root: ParentNode,
    private readonly page: PageContext,
    private readonly learnName: (id: string, name: string) => void,
  ) {
    this.#list = part(root, "interest-list");
    this.#notice = part(root, "interests-notice");
  }

  /** @param before what was just done to them, such as that they are gone */
  async show(user: string, before: readonly HTMLElement[] = []): Promise<void> {
    const turn = ++this.#turn;
    if (user !== this.#user) this.#list.replaceChildren();
    this.#user = user;
    try {
      const interests = await this.page.api.call(
        (client) => client.people.interests(user, { limit: SHOWN }),
        true,
      );
      if (turn !== this.#turn) return;
      for (const { item, cover } of interests)
        for (const one of [item, ...cover]) this.learnName(one.id, titleOf(one));
      this.#notice.replaceChildren(...before, ...(interests.length === 0 ? [nothingYet()] : []));
      this.#list.replaceChildren(...interests.map((interest) => this.#entry(interest)));
    } catch (thrown) {
      if (turn === this.#turn) this.#notice.replaceChildren(problemSlip(thrown, () => void this.show(user)));
    }
  }

  again(): void {
    void this.show(this.#user);
  }

  #entry({ item, cover, items, importance }: Interest): HTMLElement {
    const title = titleOf(item);
    const bar = element("span", { class: "interest-bar", "aria-hidden": "true" });
    bar.style.setProperty("--share", String(importance));
    const others = cover.filter(({ id }) => id !== item.id);
    const more = items.length - others.length - 1;
    return element(
      "li",
      { class: "interest", "data-medoid": item.id },
      element(
        "a",
        { class: "interest-face", href: openAddress(item.id, this.page) },
        itemPicture(item, this.page.api),
      ),
      element(
        "div",
        { class: "interest-text" },
        element("p", { class: "interest-title" }, title),
        element("p", { class: "interest-share" }, bar, element("span", {}, percent(importance))),
        element(
          "ul",
          { class: "interest-items", "aria-label": `What you did that is like ${title}` },
          ...others.map((one) => element("li", {}, this.#thumbnail(one))),
          ...(more > 0 ? [element("li", {}, `+${more}`)] : []),
        ),
      ),
    );
  }

  #thumbnail({ id, title, href }: Interest["cover"][number]): HTMLElement {
    const image = href === undefined ? {} : { href, sha256: href.split("/").at(-1) };
    const picture = itemPicture({ id, title, image }, this.page.api);
    return element("a", { href: openAddress(id, this.page), title: titleOf({ id, title }) }, picture);
  }
}

function nothingYet(): HTMLElement {
  return element("p", { class: "interests-none" }, "None yet. Save something, or look closer at it.");
}
