/** Completing a look: what goes with it by category, and where each category looks. */
import { element } from "../dom.ts";
import type { PageContext } from "../item/context.ts";
import { attentionWords, type Grid } from "./attention.ts";
import { fittingProducts } from "./cards.ts";
import type { Choices } from "./choices.ts";
import type { Panel } from "./panel.ts";
import type { Completed } from "./scene-calls.ts";
import { nothingFits } from "./slips.ts";

export interface CompletePanelOptions {
  readonly page: PageContext;
  /** All categories that looks can be completed with. */
  readonly known: readonly string[];
  readonly change: (changes: Partial<Choices>) => void;
  /** Whether the veil is wanted, and told when that changes. */
  readonly veil: { readonly wanted: boolean; readonly toggle: (wanted: boolean) => void };
}

/** Attention of one category. */
export function gridOf({ attention }: Completed, category: string | undefined): Grid | undefined {
  const weights = category === undefined ? undefined : attention?.weights[category];
  return attention && weights && { rows: attention.rows, columns: attention.columns, weights };
}

/**
 * @param overview what is missing, whatever the category
 * @param shown of the chosen category, or the same as `overview`
 */
export function showCompleted(
  panel: Panel,
  overview: Completed,
  shown: Completed,
  { category }: Choices,
  options: CompletePanelOptions,
): void {
  const { page } = options;
  const { results } = shown;
  panel.title = category === undefined ? "What goes with it" : `What goes with it: ${category}`;
  panel.certainty = "";
  panel.lead(categoryChoice(overview, category, options), ...attentionNote(shown, category, options));
  if (results.length === 0) {
    panel.notice(nothingFits(category));
    page.announce("Nothing to add");
    return;
  }
  const groups = category === undefined ? overview.categories : [category];
  panel.show(
    ...groups.flatMap((name) => {
      const products = results.filter((result) => result.category === name);
      if (products.length === 0) return [];
      const list = fittingProducts(products, page);
      list.setAttribute("aria-label", `${name} that goes with it`);
      return category === undefined ? [element("h3", { class: "group-title" }, name), list] : [list];
    }),
  );
  page.announce(`${results.length} products go with it`);
}

function categoryChoice(
  { categories }: Completed,
  chosen: string | undefined,
  { known, change }: CompletePanelOptions,
): HTMLElement {
  const offered = chosen === undefined || categories.includes(chosen) ? categories : [...categories, chosen];
  const chip = (value: string, words: string) => {
    const input = element("input", { type: "radio", name: "complete-with", value });
    input.checked = value === (chosen ?? "");
    return element("label", { class: "chip" }, input, element("span", {}, words));
  };
  const form = element(
    "form",
    { class: "complete-choice" },
    element(
      "fieldset",
      { class: "chips" },
      element("legend", { class: "unseen" }, "Complete it with"),
      chip("", "whatever is missing"),
      ...offered.map((category) => chip(category, category)),
    ),
  );
  const others = known.filter((category) => !offered.includes(category));
  if (others.length > 0) {
    const select = element(
      "select",
      { name: "other", "aria-label": "Complete it with another category" },
      element("option", { value: "" }, "something else…"),
      ...others.map((category) => element("option", { value: category }, category)),
    );
    form.append(select);
  }
  form.addEventListener("change", (event) => {
    const { value } = event.target as HTMLInputElement | HTMLSelectElement;
    change({ category: value || undefined });
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  return form;
}

function attentionNote(
  shown: Completed,
  category: string | undefined,
  { veil }: CompletePanelOptions,
): Node[] {
  const grid = gridOf(shown, category);
  const words = (text: string) =>
    element("p", { class: "attention-words", "data-part": "attention-words" }, text);
  if (category === undefined) return [words("Choose a category to see where in the picture it looks.")];
  if (!grid) return [words(`Choosing ${category}, the model looks at the picture as a whole.`)];
  const toggle = element("input", { type: "checkbox", name: "veil" });
  toggle.checked = veil.wanted;
  toggle.addEventListener("change", () => veil.toggle(toggle.checked));
  return [
    element(
      "div",
      { class: "attention-note" },
      words(`Choosing ${category}, the model ${attentionWords(grid)}.`),
      element("label", { class: "check" }, toggle, " Show it on the picture"),
      element(
        "p",
        { class: "heat-legend", "aria-hidden": "true" },
        "less",
        element("span", { class: "heat-ramp" }),
        "more",
      ),
    ),
  ];
}
