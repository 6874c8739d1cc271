/** What is said at the end of the feed: that more comes, that there is no more, or what went wrong. */
import { ConnectionError, ProblemError } from "../../../../src/client/index.ts";
import { element, part } from "../dom.ts";
import { problemSlip } from "../views/problem-slip.ts";

/** Seconds until it is tried again by itself, where the server does not say; it doubles with each time. */
const FIRST_WAIT = 5;
const LONGEST_WAIT = 60;

export class FeedNotice {
  readonly #notice: HTMLElement;
  readonly #end: HTMLElement;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    root: ParentNode,
    private readonly retry: () => void,
  ) {
    this.#notice = part(root, "feed-notice");
    this.#end = part(root, "feed-end");
  }

  get failed(): boolean {
    return this.#failures > 0;
  }

  wait(): void {
    clearTimeout(this.#timer);
    this.#end.textContent = "More is coming…";
  }

  /** @param count items that hang there */
  settle(ended: boolean, count: number): void {
    this.#failures = 0;
    this.#notice.replaceChildren(...(ended && count === 0 ? [emptySlip()] : []));
    this.#end.textContent = ended && count > 0 ? "That is all there is for now." : "";
  }

  fail(thrown: unknown): void {
    this.#failures++;
    this.#end.textContent = "";
    const slip = problemSlip(thrown, () => this.retry());
    const wait = waitAfter(thrown, this.#failures);
    if (wait !== undefined) {
      slip.append(element("p", { class: "feed-again" }, `It is tried again by itself in ${wait} seconds.`));
      this.#timer = setTimeout(() => this.retry(), 1_000 * wait);
    }
    this.#notice.replaceChildren(slip);
  }
}

/** Seconds; nothing where the same again would be refused again. */
function waitAfter(thrown: unknown, failures: number): number | undefined {
  const busy = thrown instanceof ProblemError && (thrown.status === 503 || thrown.status === 429);
  if (!busy && !(thrown instanceof ConnectionError)) return undefined;
  const asked = thrown instanceof ProblemError ? (thrown.retryAfter ?? 0) : 0;
  return Math.max(asked, Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1)));
}

function emptySlip(): HTMLElement {
  return element(
    "div",
    { class: "slip" },
    element("p", { class: "slip-title" }, "There is nothing to show yet"),
    element("p", {}, "The catalogue is empty, or all of it was hidden."),
    element("p", {}, element("a", { href: "#/catalog" }, "To the catalogue")),
  );
}
