/** The card with the filters: category, price and attributes. Choices go into the address. */
import type { Overview } from "../../../../src/client/index.ts";
import { element, part } from "../dom.ts";
import { attributeName } from "../item/words.ts";
import { attributeParam, type Facet, filterOf } from "./facets.ts";

export interface FilterEvents {
  readonly changed: (changes: Record<string, string | undefined>) => void;
  readonly cleared: () => void;
}

export class Filters {
  readonly #form: HTMLFormElement;
  readonly #category: HTMLSelectElement;
  readonly #attributes: HTMLElement;
  readonly #clear: HTMLButtonElement;

  constructor(root: ParentNode, { changed, cleared }: FilterEvents) {
    this.#form = part<HTMLFormElement>(root, "filters");
    this.#category = part<HTMLSelectElement>(root, "category");
    this.#attributes = part(root, "attributes");
    this.#clear = part<HTMLButtonElement>(root, "clear-filters");
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#clear.addEventListener("click", cleared);
    this.#form.addEventListener("change", (event) => {
      const { name, value, validity } = event.target as HTMLInputElement | HTMLSelectElement;
      if (validity.valid) changed({ [name]: value });
    });
  }

  offerCategories(categories: Overview["categories"], params: URLSearchParams): void {
    const options = categories.map(({ category, items }) => ({
      value: category,
      label: `${category} (${items})`,
    }));
    fillSelect(this.#category, "All", options, params.get("category"));
  }

  offerAttributes(facets: readonly Facet[], params: URLSearchParams): void {
    for (const { name, values } of facets) {
      const param = attributeParam(name);
      const options = values.map((value) => ({ value, label: value }));
      fillSelect(this.#select(param, name), "Any", options, params.get(param));
    }
  }

  show(params: URLSearchParams): void {
    this.#clear.hidden = filterOf(params) === undefined;
    for (const field of this.#form.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[name]")) {
      const value = params.get(field.name) ?? "";
      if (field instanceof HTMLSelectElement) keepOption(field, value);
      if (field !== document.activeElement || field instanceof HTMLSelectElement) field.value = value;
    }
  }

  #select(param: string, name: string): HTMLSelectElement {
    const known = [...this.#attributes.querySelectorAll("select")].find((select) => select.name === param);
    if (known) return known;
    const select = element("select", { name: param });
    this.#attributes.append(element("label", { class: "field" }, attributeName(name), select));
    return select;
  }
}

interface Option {
  readonly value: string;
  readonly label: string;
}

function fillSelect(
  select: HTMLSelectElement,
  none: string,
  options: readonly Option[],
  chosen: string | null,
): void {
  const all = [{ value: "", label: none }, ...options];
  select.replaceChildren(...all.map(({ value, label }) => element("option", { value }, label)));
  keepOption(select, chosen ?? "");
  select.value = chosen ?? "";
}

/** What the address asks for can be chosen even if no item has it. */
function keepOption(select: HTMLSelectElement, value: string): void {
  if (value !== "" && ![...select.options].some((option) => option.value === value)) {
    select.append(element("option", { value }, value));
  }
}
