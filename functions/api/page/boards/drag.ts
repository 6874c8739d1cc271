/**
 * Dragging prints onto boards. A rail of boards comes up while a print is dragged: with the mouse at once, with a
 * finger after a long press. Everything that it does can be done by the button "Save", too; so the rail itself is not
 * for screen readers.
 */
import type { Board } from "../../../../src/client/index.ts";
import { ask } from "../access/dialog.ts";
import { element } from "../dom.ts";
import type { PageContext } from "../item/context.ts";
import { problemText } from "../problem.ts";
import { showNotice } from "../views/notice.ts";
import { mosaic } from "./board-card.ts";
import type { NamedItem } from "./keeper.ts";

/** Pixels that the mouse moves before a click becomes a drag, and that a finger may move during a long press. */
const SLACK = 8;

/** Of a long press, in ms: as long as phones take for one. */
const LONG_PRESS = 450;

/** Boards of the rail: those that changed last. */
const RAIL_BOARDS = 12;

interface Drag {
  readonly item: NamedItem;
  readonly card: HTMLElement;
  readonly ghost: HTMLElement;
  readonly rail: HTMLElement;
  target: HTMLElement | undefined;
}

export class BoardDrag {
  #pressed: { x: number; y: number; card: HTMLElement; touch: boolean } | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drag: Drag | undefined;

  constructor(private readonly page: PageContext) {
    document.addEventListener("pointerdown", (event) => this.#press(event));
    document.addEventListener("pointermove", (event) => this.#move(event));
    document.addEventListener("pointerup", () => void this.#release());
    document.addEventListener("pointercancel", () => this.#end());
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.#end();
    });
    // Pictures and links would be dragged by the browser, and a long press would open its menu.
    document.addEventListener("dragstart", (event) => {
      if (cardOf(event.target)) event.preventDefault();
    });
    document.addEventListener("contextmenu", (event) => {
      if (this.#drag || this.#pressed?.touch) event.preventDefault();
    });
    document.addEventListener(
      "touchmove",
      (event) => {
        if (this.#drag) event.preventDefault();
      },
      { passive: false },
    );
  }

  #press({ target, button, pointerType, clientX: x, clientY: y, isPrimary }: PointerEvent): void {
    const card = cardOf(target);
    const isControl = target instanceof Element && target.closest("button, input, select") !== null;
    if (!card || isControl || button !== 0 || !isPrimary) return;
    const touch = pointerType === "touch";
    this.#pressed = { x, y, card, touch };
    if (touch) this.#timer = setTimeout(() => this.#begin(), LONG_PRESS);
  }

  #move({ clientX: x, clientY: y }: PointerEvent): void {
    const pressed = this.#pressed;
    if (!pressed) return;
    const far = Math.hypot(x - pressed.x, y - pressed.y) > SLACK;
    if (!this.#drag && far) {
      if (pressed.touch) this.#end();
      else this.#begin();
    }
    const drag = this.#drag;
    if (!drag) return;
    drag.ghost.style.translate = `${x}px ${y}px`;
    const under = document.elementFromPoint(x, y)?.closest<HTMLElement>("[data-drop]") ?? undefined;
    if (under === drag.target) return;
    drag.target?.classList.remove("is-aimed-at");
    under?.classList.add("is-aimed-at");
    drag.target = under;
  }

  #begin(): void {
    const { card, x, y } = this.#pressed!;
    const name = card.querySelector(".print-title")?.textContent ?? "";
    const item = { id: card.dataset.id!, name };
    const ghost = element("div", { class: "ghost", "aria-hidden": "true" });
    const picture = card.querySelector("img");
    if (picture) ghost.append(element("img", { src: picture.src, alt: "" }));
    ghost.style.translate = `${x}px ${y}px`;
    const rail = element("div", { class: "rail", "aria-hidden": "true" });
    document.body.append(rail, ghost);
    document.documentElement.classList.add("is-dragging");
    getSelection()?.removeAllRanges();
    this.#drag = { item, card, ghost, rail, target: undefined };
    void this.#fill(rail);
  }

  async #fill(rail: HTMLElement): Promise<void> {
    const boards = await this.page.boards.list().catch((): Board[] => []);
    const drops = boards.slice(0, RAIL_BOARDS).map(({ id, title, cover }) => {
      const name = element("span", { class: "drop-name" }, title);
      return element(
        "div",
        { class: "drop", "data-drop": id, "data-title": title },
        mosaic(cover, this.page),
        name,
      );
    });
    const fresh = element("div", { class: "drop fresh", "data-drop": "" });
    fresh.append(element("span", { class: "drop-name" }, "New board"));
    rail.append(...drops, fresh);
  }

  async #release(): Promise<void> {
    const drag = this.#drag;
    this.#end();
    if (!drag) return;
    swallowClick();
    const { item, target } = drag;
    if (!target) return;
    const { drop = "", title = "" } = target.dataset;
    try {
      if (drop !== "") await this.page.boards.save({ id: drop, title }, item);
      else await this.#onNewBoard(item);
    } catch (thrown) {
      showNotice(problemText(thrown).detail);
    }
  }

  async #onNewBoard(item: NamedItem): Promise<void> {
    const name = element("input", { type: "text", maxlength: 200, required: "", pattern: ".*\\S.*" });
    const body = [element("label", { class: "field" }, "Name", name)];
    const agreed = await ask({ title: "A new board", body, agree: "Make it and save" });
    if (agreed) await this.page.boards.create(name.value.trim(), [item]);
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#pressed = undefined;
    this.#drag?.ghost.remove();
    this.#drag?.rail.remove();
    this.#drag = undefined;
    document.documentElement.classList.remove("is-dragging");
  }
}

function cardOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>(".pinned[data-id]") : null;
}

/** The end of a drag is no click on what lies under it. */
function swallowClick(): void {
  const stop = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", stop, { capture: true }), 0);
}
