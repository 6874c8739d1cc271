/** A print on the board: a place for a picture, what is known of it, and what can be done with it. */
import { element, part } from "../dom.ts";
import { type Encoding, PLACE_NAMES } from "../encode/encoding.ts";
import { type TakeFiles, takeFromInput } from "../intake.ts";
import type { Picture } from "../picture.ts";
import type { ProblemText } from "../problem.ts";

export interface PrintActions {
  readonly take: TakeFiles;
  readonly remove: (slot: number) => void;
  readonly retry: (slot: number) => void;
}

export const SLOT_NAMES = ["A", "B"] as const;

export class Print {
  readonly root: HTMLElement;
  readonly pin: Element;
  readonly #image: HTMLImageElement;

  constructor(root: HTMLElement, slot: number, actions: PrintActions) {
    this.root = root;
    this.pin = part(root, "pin");
    this.#image = part<HTMLImageElement>(root, "image");
    for (const name of ["file", "camera"]) {
      takeFromInput(part<HTMLInputElement>(root, name), slot, actions.take);
    }
    part(root, "remove").addEventListener("click", () => actions.remove(slot));
    part(root, "retry").addEventListener("click", () => actions.retry(slot));
    this.clear();
  }

  /** An empty place. */
  clear(): void {
    this.#state("empty");
    this.#image.removeAttribute("src");
    this.#image.alt = "";
    part(this.root, "name").textContent = "";
    this.#badges();
  }

  /** A picture that is being encoded. */
  show(picture: Picture): void {
    this.#state("busy");
    this.#image.src = picture.url;
    this.#image.alt = picture.drawn ? `Drawing: ${picture.name}` : picture.name;
    part(this.root, "name").textContent = picture.name;
    part(this.root, "name").title = picture.name;
    this.#badges();
    this.report("Reading the picture");
  }

  /** What is being done right now. */
  report(activity: string): void {
    part(this.root, "activity").textContent = activity;
  }

  /** The picture has its embedding. */
  finish(picture: Picture, { cache, place }: Encoding): void {
    this.#state("done");
    const source =
      cache === "miss" ? element("span", { class: "badge computed" }, "computed") : cached(cache);
    const where = place === "server" ? "server" : `this device, ${PLACE_NAMES[place]}`;
    this.#badges(source, element("span", { class: "badge" }, where));
    if (picture.drawn) this.#badgeRow().append(element("span", { class: "badge drawn" }, "drawing"));
  }

  /** Something went wrong; the picture, when there is one, stays for another try. */
  fail(problem: ProblemText, picture: Picture | undefined): void {
    this.#state("failed");
    part(this.root, "problem-title").textContent = problem.title;
    part(this.root, "problem-detail").textContent = problem.detail;
    part(this.root, "problem-hint").textContent = problem.hint ?? "";
    part(this.root, "retry").hidden = picture === undefined;
  }

  #state(state: "empty" | "busy" | "done" | "failed"): void {
    this.root.dataset.state = state;
    this.root.setAttribute("aria-busy", String(state === "busy"));
    part(this.root, "problem").hidden = state !== "failed";
    part(this.root, "activity").hidden = state !== "busy";
    part(this.root, "remove").hidden = state === "empty";
  }

  #badges(...badges: readonly Node[]): void {
    this.#badgeRow().replaceChildren(...badges);
  }

  #badgeRow(): HTMLElement {
    return part(this.root, "badges");
  }
}

function cached(layer: string): HTMLElement {
  return element("span", { class: "badge cached" }, `cached, ${layer}`);
}
