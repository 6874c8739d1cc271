/** What the catalogue's view is made of. */
import { element } from "../dom.ts";

export function catalogMarkup(): HTMLElement[] {
  return [opening(), addBoard(), shelf()];
}

function opening(): HTMLElement {
  return element(
    "div",
    { class: "opening" },
    element(
      "div",
      { class: "lede" },
      element("h1", { tabindex: -1 }, "What hangs on the board"),
      element("p", {}, "Each picture is embedded once, in the background; from then on it can be found."),
    ),
    element("div", {
      class: "progress-place",
      "data-part": "progress",
      role: "group",
      "aria-label": "Progress",
    }),
  );
}

function addBoard(): HTMLElement {
  const file = element("input", { type: "file", accept: "image/*", multiple: "", "data-part": "add-file" });
  const camera = element("input", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    "data-part": "add-camera",
  });
  return element(
    "section",
    { class: "board add-board", "data-part": "add-board", "aria-label": "Add pictures" },
    element(
      "div",
      { class: "add-invitation" },
      element("p", {}, "Drop or paste pictures to add them"),
      element(
        "p",
        { class: "actions" },
        element("label", { class: "button" }, file, "Choose pictures"),
        element("label", { class: "button camera" }, camera, "Camera"),
      ),
    ),
    addForm(),
    element("div", { "data-part": "add-notice" }),
    element("datalist", { id: "category-names", "data-part": "category-names" }),
  );
}

function addForm(): HTMLElement {
  const form = element(
    "form",
    { class: "add-form", "data-part": "add-form", hidden: "" },
    element("ul", { "data-part": "add-list" }),
    element(
      "label",
      { class: "field" },
      "Category of all",
      element("input", { type: "text", list: "category-names", maxlength: 200, "data-part": "add-category" }),
    ),
    element(
      "p",
      { class: "choices" },
      element("button", { type: "button", "data-part": "add-cancel" }, "Cancel"),
      element("button", { type: "submit", class: "strong", "data-part": "add-submit" }, "Add"),
    ),
  );
  return form;
}

function shelf(): HTMLElement {
  const option = (value: string, label: string) => element("option", { value }, label);
  const segment = (value: string, label: string) =>
    element("label", {}, element("input", { type: "radio", name: "as", value }), element("span", {}, label));
  return element(
    "section",
    { class: "shelf", "aria-label": "Items" },
    element(
      "form",
      { class: "entry-choices", "data-part": "entry-choices" },
      element(
        "label",
        { class: "field" },
        "Show",
        element(
          "select",
          { name: "show" },
          option("", "All states"),
          option("pending", "Pending"),
          option("embedded", "Embedded"),
          option("failed", "Failed"),
          option("duplicates", "Near-duplicates"),
        ),
      ),
      element(
        "label",
        { class: "field" },
        "Category",
        element("select", { name: "category", "data-part": "entry-category" }, option("", "All categories")),
      ),
      element(
        "fieldset",
        { class: "layouts" },
        element("legend", {}, "As"),
        element("div", { class: "segments two" }, segment("", "Grid"), segment("list", "List")),
      ),
      element("button", { type: "button", "data-part": "retry-all", hidden: "" }, "Retry all that failed"),
    ),
    element("ul", { class: "entries", "data-part": "entries" }),
    element("div", { "data-part": "duplicates", hidden: "" }),
    element("div", { class: "notice", "data-part": "entries-notice" }),
    element(
      "p",
      { class: "more-row" },
      element("button", { type: "button", "data-part": "more-entries", hidden: "" }, "Show more"),
    ),
  );
}
