/** The print that is searched by: a picture of the visitor or of an item, with a crop drawn on it. */
import type { Crop } from "../../../../src/client/index.ts";
import { CropBox } from "../crop/crop-box.ts";
import { FIRST_BOX } from "../crop/geometry.ts";
import { part } from "../dom.ts";
import { type TakeFiles, takeFromInput } from "../intake.ts";

export interface QueryPrintEvents {
  readonly take: TakeFiles;
  readonly crop: (crop: Crop | undefined) => void;
  readonly clear: () => void;
}

export interface ShownQuery {
  readonly url: string;
  readonly name: string;
  readonly alt: string;
}

export class QueryPrint {
  readonly #root: HTMLElement;
  readonly #image: HTMLImageElement;
  readonly #crop: CropBox;
  readonly #cropButton: HTMLButtonElement;

  constructor(root: HTMLElement, { take, crop, clear }: QueryPrintEvents) {
    this.#root = root;
    this.#image = part<HTMLImageElement>(root, "query-image");
    this.#crop = new CropBox(part(root, "crop-stage"), crop);
    for (const name of ["query-file", "query-camera"]) {
      takeFromInput(part<HTMLInputElement>(root, name), 0, take);
    }
    this.#cropButton = part<HTMLButtonElement>(root, "crop");
    this.#cropButton.addEventListener("click", () => {
      const cropped = this.#cropButton.getAttribute("aria-pressed") === "true";
      crop(cropped ? undefined : FIRST_BOX);
      if (!cropped) this.#crop.focus();
    });
    part(root, "clear-query").addEventListener("click", clear);
  }

  /** Shows what is searched by; nothing is an invitation. */
  show(query: ShownQuery | undefined, crop: Crop | undefined): void {
    this.#root.dataset.state = query === undefined ? "empty" : "done";
    part(this.#root, "query-name").textContent = query?.name ?? "";
    if (query === undefined) this.#image.removeAttribute("src");
    else if (this.#image.getAttribute("src") !== query.url) this.#image.src = query.url;
    this.#image.alt = query?.alt ?? "";
    this.#crop.show(query === undefined ? undefined : crop);
    this.#cropButton.setAttribute("aria-pressed", String(crop !== undefined));
    this.#cropButton.textContent = crop === undefined ? "Crop" : "Whole picture";
    for (const name of ["crop", "clear-query"]) part(this.#root, name).hidden = query === undefined;
  }

  showBusy(busy: boolean): void {
    this.#root.classList.toggle("is-busy", busy);
  }
}
