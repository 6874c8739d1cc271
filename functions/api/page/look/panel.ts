/** The right side of the view: a heading, a lead, something that is said instead of products, products, a timing. */
import { part } from "../dom.ts";
import type { Stage } from "../encode/encoding.ts";
import { stageBar } from "../views/stage-bar.ts";

export class Panel {
  readonly #root: HTMLElement;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  set title(words: string) {
    part(this.#root, "look-title").textContent = words;
  }

  set certainty(words: string) {
    part(this.#root, "look-certainty").textContent = words;
  }

  /** What stands above the products. */
  lead(...nodes: readonly Node[]): void {
    part(this.#root, "look-lead").replaceChildren(...nodes);
  }

  /** Says something instead of products. */
  notice(slip: HTMLElement): void {
    part(this.#root, "look-notice").replaceChildren(slip);
    part(this.#root, "look-products").replaceChildren();
  }

  show(...nodes: readonly Node[]): void {
    part(this.#root, "look-notice").replaceChildren();
    part(this.#root, "look-products").replaceChildren(...nodes);
  }

  add(...nodes: readonly Node[]): void {
    part(this.#root, "look-products").append(...nodes);
  }

  /** Where the time went; nothing while there is no answer. */
  timing(stages: readonly Stage[] | undefined): void {
    part(this.#root, "look-timing").replaceChildren(...(stages ? [stageBar(stages)] : []));
  }

  /** @param what is being done, in words */
  wait(what: string): void {
    this.#root.setAttribute("aria-busy", "true");
    this.title = what;
    this.certainty = "";
    part(this.#root, "look-products").classList.add("is-stale");
    part(this.#root, "look-notice").replaceChildren();
  }

  settle(): void {
    this.#root.removeAttribute("aria-busy");
    part(this.#root, "look-products").classList.remove("is-stale");
  }
}
