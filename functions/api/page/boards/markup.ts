/** What the boards' view is made of. */
import { element } from "../dom.ts";

export function boardsMarkup(): HTMLElement[] {
  return [allBoards(), oneBoard()];
}

function allBoards(): HTMLElement {
  const title = element("input", {
    type: "text",
    maxlength: 200,
    required: "",
    pattern: ".*\\S.*",
    autocomplete: "off",
    "data-part": "new-board-title",
  });
  return element(
    "div",
    { "data-part": "all-boards" },
    element(
      "div",
      { class: "opening" },
      element(
        "div",
        { class: "lede" },
        element("h1", { tabindex: -1 }, "What belongs together"),
        element("p", {}, "Keep things on boards: drag a print onto one, or save it from its card."),
      ),
      element(
        "form",
        { class: "new-board", "data-part": "new-board" },
        element("label", { class: "field" }, "New board", title),
        element("button", { type: "submit", class: "strong" }, "Make it"),
      ),
    ),
    element("div", { class: "notice", "data-part": "boards-notice" }),
    element("ul", { class: "board-cards", "data-part": "board-cards" }),
  );
}

function oneBoard(): HTMLElement {
  return element(
    "div",
    { "data-part": "one-board", hidden: "" },
    element("p", { class: "way-back" }, element("a", { href: "#/boards" }, "All boards")),
    element(
      "div",
      { class: "opening" },
      element(
        "div",
        { class: "lede" },
        element("h1", { tabindex: -1, "data-part": "board-title" }),
        element("p", { "data-part": "board-description" }),
      ),
      element(
        "p",
        { class: "choices", "data-part": "board-actions", hidden: "" },
        element("button", { type: "button", "data-part": "board-rename" }, "Rename"),
        element("button", { type: "button", class: "danger", "data-part": "board-delete" }, "Delete"),
      ),
    ),
    element(
      "section",
      { class: "board", "aria-label": "On the board" },
      element("div", { class: "notice", "data-part": "board-notice" }),
      element("ul", { class: "masonry", "data-part": "board-items" }),
      element(
        "p",
        { class: "more-row" },
        element("button", { type: "button", "data-part": "board-items-more", hidden: "" }, "Show more"),
      ),
    ),
    element(
      "section",
      {
        class: "suggestions",
        "aria-labelledby": "suggestions-title",
        "data-part": "suggestions",
        hidden: "",
      },
      element("h2", { id: "suggestions-title" }, "More like this board"),
      element("div", { class: "notice", "data-part": "suggestions-notice" }),
      element("ul", { class: "masonry", "data-part": "suggestions-list" }),
      element(
        "p",
        { class: "more-row" },
        element("button", { type: "button", "data-part": "suggestions-more", hidden: "" }, "Show more"),
      ),
    ),
  );
}
