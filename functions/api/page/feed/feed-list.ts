/**
 * The feed as it scrolls: a page more whenever its end comes near. After an action, what nobody has seen yet makes
 * room for what follows from it, under a heading of its own.
 */
import type { FeedItem } from "../../../../src/client/index.ts";
import { element, part } from "../dom.ts";
import { skeletonCard } from "../item/card.ts";
import type { PageContext } from "../item/context.ts";
import { Masonry } from "../item/masonry.ts";
import type { CardEvents } from "./feed-card.ts";
import { feedCard } from "./feed-card.ts";
import { FeedNotice } from "./feed-notice.ts";
import { type FeedPage, fetchFeedPage } from "./feed-page.ts";

const SKELETONS = 8;

/** The next page is fetched when the end is that far below the window. */
const AHEAD = "500px";

export interface Hung {
  readonly entry: FeedItem;
  readonly slate: string;
  readonly card: HTMLElement;
}

export interface ListEvents extends CardEvents {
  readonly arrived: (page: FeedPage) => void;
}

/** What follows from one action; the first has no heading. */
interface Turn {
  readonly root: HTMLElement;
  readonly list: HTMLElement;
  readonly masonry: Masonry;
}

export class FeedList {
  readonly #turns: HTMLElement;
  readonly #notice: FeedNotice;
  readonly #sentinel: HTMLElement;
  readonly #observer: IntersectionObserver;
  readonly #hung = new Map<string, Hung>();
  #user = "";
  #turn: Turn | undefined;
  #next: string | undefined;
  #ended = true;
  /** Prints that made room unseen since this feed began. */
  #passedOver = 0;
  #running: AbortController | undefined;

  constructor(
    root: ParentNode,
    private readonly page: PageContext,
    private readonly events: ListEvents,
  ) {
    this.#turns = part(root, "feed-turns");
    this.#notice = new FeedNotice(root, () => void this.#load());
    this.#sentinel = part(root, "feed-sentinel");
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#load();
      },
      { rootMargin: AHEAD },
    );
  }

  /** A new feed of somebody. */
  start(user: string): void {
    this.#user = user;
    this.#hung.clear();
    this.#turns.replaceChildren();
    this.#open();
    this.#turn!.masonry.replace(Array.from({ length: SKELETONS }, skeletonCard));
    this.#goOn(undefined);
  }

  /** Goes on after an action: what is not on screen yet is asked for anew. */
  follow(words: string): void {
    for (const [id, { card }] of this.#hung) {
      if (!isUnseen(card)) continue;
      this.#remove(id);
      this.#passedOver++;
    }
    for (const turn of this.#turns.querySelectorAll(".feed-turn")) {
      if (turn.querySelector(".pinned") === null) turn.remove();
    }
    this.#open(words);
    this.#goOn(this.#ended ? undefined : this.#next);
  }

  hung(id: string): Hung | undefined {
    return this.#hung.get(id);
  }

  /** The item is gone from the catalogue. */
  removed(id: string): void {
    this.#remove(id);
  }

  #open(words?: string): void {
    const list = element("ul", { class: "masonry" });
    const root = element("section", { class: "feed-turn" }, list);
    if (words !== undefined) {
      const title = element("h3", { id: `feed-turn-${this.#turns.childElementCount}` }, words);
      root.setAttribute("aria-labelledby", title.id);
      root.prepend(title);
    }
    this.#turns.append(root);
    this.#turn = { root, list, masonry: new Masonry(list) };
  }

  #goOn(cursor: string | undefined): void {
    this.#running?.abort();
    this.#running = undefined;
    this.#next = cursor;
    this.#ended = false;
    if (cursor === undefined) this.#passedOver = 0;
    void this.#load();
  }

  async #load(): Promise<void> {
    if (this.#running || this.#ended) return;
    const running = new AbortController();
    this.#running = running;
    this.#notice.wait();
    try {
      const answer = await fetchFeedPage(this.page.api, this.#user, this.#next, running.signal);
      if (!running.signal.aborted) this.#show(answer);
    } catch (thrown) {
      if (running.signal.aborted) return;
      this.#observer.unobserve(this.#sentinel);
      this.#clearSkeletons();
      this.#notice.fail(thrown);
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
    if (!running.signal.aborted) this.#watch();
  }

  #show(answer: FeedPage): void {
    const fresh = answer.items.filter(({ id }) => !this.#hung.has(id));
    const cards = fresh.map((entry) => {
      const card = feedCard(entry, this.page, this.events);
      this.#hung.set(entry.id, { entry, slate: answer.slate, card });
      return card;
    });
    this.#clearSkeletons();
    this.#turn!.masonry.append(cards);
    this.#next = answer.next;
    this.#ended = answer.next === undefined || answer.items.length === 0;
    if (this.#ended && this.#passedOver > 0) {
      // A new feed, in which what was passed over comes again.
      this.#passedOver = 0;
      this.#next = undefined;
      this.#ended = false;
    }
    if (this.#ended && this.#turn!.list.childElementCount === 0 && this.#hung.size > 0)
      this.#turn!.root.remove();
    this.#notice.settle(this.#ended, this.#hung.size);
    this.events.arrived(answer);
  }

  /** Says again whether the end is near, also where it has not moved. */
  #watch(): void {
    this.#observer.unobserve(this.#sentinel);
    if (!this.#ended && !this.#notice.failed) this.#observer.observe(this.#sentinel);
  }

  #clearSkeletons(): void {
    for (const card of this.#turns.querySelectorAll(".skeleton")) card.remove();
  }

  #remove(id: string): void {
    this.#hung.get(id)?.card.remove();
    this.#hung.delete(id);
  }
}

/** Below what is on screen, and not where the keyboard is. */
function isUnseen(card: HTMLElement): boolean {
  return card.getBoundingClientRect().top >= innerHeight && !card.contains(document.activeElement);
}
