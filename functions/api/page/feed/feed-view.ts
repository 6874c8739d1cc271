/** The view of the feed: somebody's pages, their interests beside them, and what they do, which goes out as events. */
import type { Event, Forgotten } from "../../../../src/client/index.ts";
import { SHOWROOM_PEOPLE } from "../../../../src/demo/showroom-people.ts";
import { confirmLoss } from "../access/dialog.ts";
import { element, part } from "../dom.ts";
import type { PageContext } from "../item/context.ts";
import { isDrawing, titleOf } from "../item/words.ts";
import { type Route, withParams } from "../route.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { markCard } from "./feed-card.ts";
import { FeedList, type Hung } from "./feed-list.ts";
import { type FeedPage, SURFACE } from "./feed-page.ts";
import { InterestsPanel } from "./interests-panel.ts";
import { feedMarkup } from "./markup.ts";
import { isRefusal, Outbox } from "./outbox.ts";
import { showPath } from "./path-chip.ts";
import { newVisitorName, visitorName } from "./visitor.ts";

/** Names as the API takes them. */
const USER = /^[\w.:~@-]{1,128}$/;

/** Long enough to be read, in ms: the heading below the last print on screen stays. */
const SAID_FOR = 6_000;

const AFTER = {
  save: { mark: "saved", done: "Saved", next: "After saving" },
  hide: { mark: "hidden", done: "Hidden", next: "After hiding" },
} as const;

export class FeedView {
  readonly #root: HTMLElement;
  readonly #list: FeedList;
  readonly #interests: InterestsPanel;
  readonly #outbox: Outbox;
  readonly #select: HTMLSelectElement;
  readonly #line: HTMLElement;
  readonly #names = new Map<string, string>();
  #user: string | undefined;
  #silence: ReturnType<typeof setTimeout> | undefined;
  #open: string | undefined;

  constructor(
    root: HTMLElement,
    private readonly page: PageContext,
  ) {
    root.append(...feedMarkup());
    this.#root = root;
    this.#line = part(root, "feed-line");
    this.#select = part<HTMLSelectElement>(root, "feed-person");
    this.#interests = new InterestsPanel(root, page, (id, name) => this.#names.set(id, name));
    this.#outbox = new Outbox(page.api, () => {
      if (this.#user !== undefined) this.#interests.again();
    });
    this.#list = new FeedList(root, page, {
      save: (card) => void this.#act(card, "save"),
      hide: (card) => void this.#act(card, "hide"),
      nameOf: (id) => this.#names.get(id) ?? id,
      arrived: (answer) => this.#arrived(answer),
    });
    this.#select.addEventListener("change", () => {
      const params = withParams(page.router.route.params, { as: this.#select.value, open: undefined });
      page.router.go({ view: "feed", params });
    });
    part(root, "forget").addEventListener("click", () => void this.#forget());
    part<HTMLDetailsElement>(root, "interests-card").open = !matchMedia("(max-width: 60rem)").matches;
  }

  show({ params }: Route): void {
    const asked = params.get("as") ?? "";
    const user = USER.test(asked) ? asked : visitorName();
    const open = params.get("open") ?? undefined;
    if (user !== this.#user) {
      this.#user = user;
      this.#start();
    } else if (open !== undefined && open !== this.#open) this.#did(open, "closeup");
    this.#open = open;
  }

  /** Somebody went to where the item is at home. */
  followed(id: string): void {
    if (this.#user !== undefined) this.#did(id, "click");
  }

  /** The item has left the catalogue. */
  removed(id: string): void {
    this.#list.removed(id);
  }

  #start(): void {
    const user = this.#user!;
    this.#offerPeople();
    this.#line.textContent = "";
    this.#list.start(user);
    void this.#interests.show(user);
  }

  #arrived(answer: FeedPage): void {
    for (const { id, item } of answer.items) this.#names.set(id, titleOf(item));
    showPath(part<HTMLDetailsElement>(this.#root, "feed-path"), answer);
    if (answer.items.some(({ item }) => isDrawing(item))) this.#offerPeople(true);
    if (answer.items.length > 0) this.page.announce(`${answer.items.length} more in the feed`);
  }

  /** @param all the showroom's people too, since its products are here */
  #offerPeople(all = this.#select.length > 2): void {
    const user = this.#user!;
    const mine = user === visitorName();
    const known = SHOWROOM_PEOPLE.find(({ id }) => id === user);
    const others = all ? SHOWROOM_PEOPLE : SHOWROOM_PEOPLE.filter(({ id }) => id === user);
    const options = [["", "You"], ...others.map(({ id, name }) => [id, name])];
    if (!mine && !known) options.push([user, user]);
    this.#select.replaceChildren(
      ...options.map(([value, words]) => element("option", { value: value! }, words!)),
    );
    this.#select.value = mine ? "" : user;
    const name = mine ? "me" : (known?.name ?? user);
    part(this.#root, "feed-title").textContent = mine ? "Your feed" : `Feed of ${name}`;
    part(this.#root, "forget").textContent = `Forget ${name}`;
    part(this.#root, "feed-about").textContent = mine
      ? "Under a random name that only this browser keeps."
      : (known?.about ?? "Somebody whom events name so.");
  }

  async #act(card: HTMLElement, action: "save" | "hide"): Promise<void> {
    const hung = this.#list.hung(card.dataset.id ?? "");
    const { mark, done, next } = AFTER[action];
    if (hung === undefined || card.classList.contains(`is-${mark}`)) return;
    const title = titleOf(hung.entry.item);
    markCard(card, mark);
    this.#add(hung.entry.id, action, hung);
    this.#say(`${done}: ${title}. The rest of the feed follows…`);
    part(this.#root, "feed-notice").replaceChildren();
    try {
      await this.#outbox.send();
      this.#list.follow(`${next} ${title}`);
      this.#say(`${next} ${title}`);
    } catch (thrown) {
      if (isRefusal(thrown)) {
        markCard(card, undefined);
        this.#say("");
        part(this.#root, "feed-notice").replaceChildren(problemSlip(thrown));
      } else this.#say(`${done} here: ${title}. The server does not answer; it is told later.`);
    }
  }

  /** What needs no answer. */
  #did(item: string, action: "closeup" | "click"): void {
    this.#add(item, action, this.#list.hung(item));
  }

  #add(item: string, action: Event["action"], hung: Hung | undefined): void {
    const place = hung === undefined ? { surface: "item" } : { surface: SURFACE, slate: hung.slate };
    this.#outbox.add({ user: this.#user!, item, action, ...place });
  }

  /** A line over the feed, for a moment. */
  #say(words: string): void {
    clearTimeout(this.#silence);
    this.#line.textContent = words;
    this.#silence = setTimeout(() => this.#line.replaceChildren(), SAID_FOR);
  }

  async #forget(): Promise<void> {
    const user = this.#user!;
    const mine = user === visitorName();
    const detail =
      "What was done, shown and found out is erased. Log files that have some of it already keep it until they are deleted.";
    if (!(await confirmLoss(`${part(this.#root, "forget").textContent}?`, detail, "Forget"))) return;
    const notice = part(this.#root, "interests-notice");
    try {
      this.#outbox.forget(user);
      const forgotten = await this.page.api.call((client) => client.people.forget(user));
      if (mine) this.#user = newVisitorName();
      this.#start();
      void this.#interests.show(this.#user!, [forgottenSlip(forgotten)]);
    } catch (thrown) {
      notice.replaceChildren(problemSlip(thrown, () => void this.#forget()));
    }
  }
}

function forgottenSlip({ erased, logs, unlistedUntil }: Forgotten): HTMLElement {
  const kept =
    logs.length === 0 && unlistedUntil === undefined
      ? "No log file has any of it."
      : `${logs.length === 1 ? "1 log file keeps" : `${logs.length} log files keep`} events from before.`;
  return element(
    "div",
    { class: "slip", role: "status" },
    element("p", { class: "slip-title" }, "Forgotten"),
    element("p", {}, `${erased.actions} actions and ${erased.shown} items shown are gone. ${kept}`),
  );
}
