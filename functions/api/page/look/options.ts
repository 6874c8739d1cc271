/** Options of shopping a look: how many products, of which categories, and whether only of the thing's own. */
import { element } from "../dom.ts";
import { type Choices, PRODUCT_COUNTS } from "./choices.ts";

/** Categories by group, such as fashion and home. */
export type Groups = readonly (readonly [name: string, categories: readonly string[]])[];

export class Options {
  readonly #form: HTMLFormElement;
  #groups: Groups = [];

  constructor(
    form: HTMLFormElement,
    private readonly changed: (changes: Partial<Choices>) => void,
  ) {
    this.#form = form;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) =>
      this.#onChange(event.target as HTMLInputElement | HTMLSelectElement),
    );
  }

  offer(groups: Groups): void {
    this.#groups = groups;
    this.#form.replaceChildren(
      gate(),
      count(),
      ...groups.map(chips),
      clear(() => this.changed({ categories: undefined })),
    );
  }

  show({ gate, products, categories }: Choices): void {
    if (this.#groups.length === 0) return;
    for (const field of this.#form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]")) {
      if (field.name === "gate") (field as HTMLInputElement).checked = gate;
      else if (field.name === "products") field.value = String(products);
      else (field as HTMLInputElement).checked = categories?.includes(field.value) ?? false;
    }
    this.#form.querySelector<HTMLButtonElement>(".clear-categories")!.hidden = categories === undefined;
  }

  #onChange(field: HTMLInputElement | HTMLSelectElement): void {
    if (field.name === "gate") this.changed({ gate: (field as HTMLInputElement).checked });
    else if (field.name === "products") this.changed({ products: Number(field.value) });
    else {
      const checked = [...this.#form.querySelectorAll<HTMLInputElement>("[name=category]:checked")];
      const categories = checked.map(({ value }) => value);
      this.changed({ categories: categories.length > 0 ? categories : undefined });
    }
  }
}

function gate(): HTMLElement {
  return element(
    "label",
    { class: "check" },
    element("input", { type: "checkbox", name: "gate" }),
    " Only products of the same category",
  );
}

function count(): HTMLElement {
  const options = PRODUCT_COUNTS.map((value) => element("option", { value }, String(value)));
  return element(
    "label",
    { class: "products-count" },
    "Products for each ",
    element("select", { name: "products" }, ...options),
  );
}

function chips([name, categories]: Groups[number]): HTMLElement {
  const chip = (category: string) =>
    element(
      "label",
      { class: "chip" },
      element("input", { type: "checkbox", name: "category", value: category }),
      element("span", {}, category),
    );
  return element(
    "fieldset",
    { class: "chips" },
    element("legend", {}, name === "" ? "Look for" : `Look for: ${name}`),
    ...categories.map(chip),
  );
}

function clear(onClick: () => void): HTMLButtonElement {
  const button = element("button", { type: "button", class: "clear-categories", hidden: "" }, "Look for all");
  button.addEventListener("click", onClick);
  return button;
}
