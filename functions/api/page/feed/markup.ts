/** What the view of the feed is made of. */
import { element } from "../dom.ts";
import { pathChip } from "./path-chip.ts";

export function feedMarkup(): HTMLElement[] {
  return [opening(), element("div", { class: "feed-columns" }, interests(), feed())];
}

function opening(): HTMLElement {
  return element(
    "div",
    { class: "opening" },
    element(
      "div",
      { class: "lede" },
      element("h1", { tabindex: -1 }, "What you may like\u00a0next"),
      element("p", {}, "Save what you like, hide what you do not. What comes next follows your last action."),
    ),
    element(
      "div",
      { class: "feed-who" },
      element("label", { class: "field" }, "Feed of", element("select", { "data-part": "feed-person" })),
      element("p", { class: "aside", "data-part": "feed-about" }),
    ),
  );
}

/** Before the feed, which never ends for who goes on by keyboard. */
function interests(): HTMLElement {
  return element(
    "aside",
    { class: "interests", "aria-label": "Interests" },
    element(
      "details",
      { class: "interests-card", "data-part": "interests-card", open: "" },
      element("summary", {}, element("h2", { "data-part": "interests-title" }, "Interests")),
      element("div", { class: "notice", "data-part": "interests-notice" }),
      element("ul", { class: "interest-list", "data-part": "interest-list" }),
      element(
        "p",
        { class: "forget-row" },
        element("button", { type: "button", class: "danger", "data-part": "forget" }, "Forget me"),
      ),
    ),
  );
}

function feed(): HTMLElement {
  const chip = pathChip();
  chip.dataset.part = "feed-path";
  return element(
    "section",
    { class: "board feed-board", "aria-labelledby": "feed-title" },
    element(
      "div",
      { class: "found-head" },
      element("h2", { id: "feed-title", "data-part": "feed-title" }, "Your feed"),
      chip,
    ),
    element("p", { class: "feed-line", "data-part": "feed-line", role: "status" }),
    element("div", { "data-part": "feed-turns" }),
    element("div", { class: "notice", "data-part": "feed-notice" }),
    element("p", { class: "feed-end", "data-part": "feed-end" }),
    element("div", { class: "feed-sentinel", "data-part": "feed-sentinel" }),
  );
}
