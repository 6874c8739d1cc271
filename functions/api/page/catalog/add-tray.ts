/** New pictures on their way into the catalogue: each gets a title, all of them a category. */
import { element, part } from "../dom.ts";
import { takeFromInput } from "../intake.ts";
import type { PageContext } from "../item/context.ts";
import { type Picture, pictureOf, release } from "../picture.ts";
import { problemSlip } from "../views/problem-slip.ts";
import { newId, titleFromName } from "./naming.ts";

interface Sheet {
  readonly picture: Picture;
  readonly title: HTMLInputElement;
  readonly root: HTMLElement;
}

export class AddTray {
  readonly #sheets = new Set<Sheet>();
  readonly #form: HTMLFormElement;
  readonly #list: HTMLElement;
  readonly #notice: HTMLElement;
  readonly #submit: HTMLButtonElement;
  readonly #category: HTMLInputElement;

  /** @param added told of each item that the catalogue has taken */
  constructor(
    root: ParentNode,
    private readonly page: PageContext,
    private readonly added: (id: string) => void,
  ) {
    this.#form = part<HTMLFormElement>(root, "add-form");
    this.#list = part(root, "add-list");
    this.#notice = part(root, "add-notice");
    this.#submit = part<HTMLButtonElement>(root, "add-submit");
    this.#category = part<HTMLInputElement>(root, "add-category");
    for (const name of ["add-file", "add-camera"]) {
      takeFromInput(part<HTMLInputElement>(root, name), 0, (files) => this.take(files));
    }
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#send();
    });
    part(root, "add-cancel").addEventListener("click", () => {
      for (const sheet of this.#sheets) this.#drop(sheet);
    });
  }

  take(files: readonly File[]): void {
    this.#notice.replaceChildren();
    for (const file of files) {
      try {
        this.#add(pictureOf(file, file.name));
      } catch (thrown) {
        this.#notice.append(problemSlip(thrown));
      }
    }
    this.#count();
    [...this.#sheets].at(-1)?.title.focus();
  }

  offerCategories(names: readonly string[]): void {
    const options = names.map((value) => element("option", { value }));
    part(document, "category-names").replaceChildren(...options);
  }

  #add(picture: Picture): void {
    const title = element("input", { type: "text", maxlength: 500, value: titleFromName(picture.name) });
    const remove = element("button", { type: "button", "aria-label": `Leave out ${picture.name}` }, "×");
    const root = element(
      "li",
      {},
      element("img", { src: picture.url, alt: "" }),
      element("label", { class: "field" }, "Title", title),
      remove,
    );
    const sheet = { picture, title, root };
    remove.addEventListener("click", () => this.#drop(sheet));
    this.#sheets.add(sheet);
    this.#list.append(root);
  }

  async #send(): Promise<void> {
    this.#submit.disabled = true;
    this.#notice.replaceChildren();
    try {
      for (const sheet of this.#sheets) await this.#put(sheet);
    } catch (thrown) {
      this.#notice.replaceChildren(problemSlip(thrown, () => void this.#send()));
    }
    this.#submit.disabled = false;
  }

  async #put(sheet: Sheet): Promise<void> {
    const { picture, title: input } = sheet;
    const title = input.value.trim();
    const category = this.#category.value.trim();
    const id = newId(title);
    const item = { image: picture.blob, ...(title && { title }), ...(category && { category }) };
    await this.page.api.call((client) => client.items.put(id, item));
    this.page.announce(`${title || picture.name} was added`);
    this.#drop(sheet);
    this.added(id);
  }

  #drop(sheet: Sheet): void {
    release(sheet.picture);
    sheet.root.remove();
    this.#sheets.delete(sheet);
    this.#count();
  }

  #count(): void {
    const { size } = this.#sheets;
    this.#form.hidden = size === 0;
    this.#submit.textContent = size === 1 ? "Add this picture" : `Add ${size} pictures`;
  }
}
