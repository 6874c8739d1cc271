/** What the view of looks is made of. */
import { element, shape } from "../dom.ts";

export function lookMarkup(): HTMLElement[] {
  return [
    element(
      "div",
      { class: "opening" },
      element(
        "div",
        { class: "lede" },
        element("h1", { tabindex: -1 }, "Shop the look, or complete\u00a0it"),
        element(
          "p",
          {},
          "Pin a room or an outfit. Each thing in it is found with products that look like it; and products are found that go with all of it.",
        ),
      ),
      modes(),
    ),
    element(
      "div",
      { class: "board look-board", "data-part": "look-board" },
      element("div", { class: "look-desk" }, scene(), tray(), options()),
      found(),
    ),
  ];
}

function modes(): HTMLElement {
  const segment = (value: string, label: string) =>
    element("label", {}, element("input", { type: "radio", name: "as", value }), element("span", {}, label));
  return element(
    "form",
    { class: "look-modes", "data-part": "look-modes" },
    element(
      "fieldset",
      { class: "layouts" },
      element("legend", { class: "unseen" }, "What to do with the look"),
      element(
        "div",
        { class: "segments two" },
        segment("shop", "Shop this look"),
        segment("complete", "Complete this look"),
      ),
    ),
  );
}

function pin(): SVGSVGElement {
  return shape(
    "svg",
    { class: "pin", viewBox: "0 0 24 24", width: 26, height: 26, "aria-hidden": "true" },
    shape("ellipse", { class: "cast", cx: 15, cy: 15, rx: 7, ry: 5 }),
    shape("circle", { class: "head", cx: 12, cy: 10, r: 7.5 }),
    shape("circle", { class: "dome", cx: 12, cy: 9.4, r: 4.6 }),
    shape("circle", { class: "glint", cx: 9.6, cy: 7.4, r: 1.7 }),
  );
}

function scene(): HTMLElement {
  const file = element("input", { type: "file", accept: "image/*", "data-part": "look-file" });
  const camera = element("input", {
    type: "file",
    accept: "image/*",
    capture: "environment",
    "data-part": "look-camera",
  });
  const stage = element(
    "div",
    { class: "look-stage", "data-part": "look-stage" },
    element("img", { "data-part": "look-image", alt: "", draggable: "false" }),
    element("canvas", { class: "heat", "data-part": "heat", "aria-hidden": "true", hidden: "" }),
    element("div", {
      class: "spots",
      "data-part": "spots",
      role: "radiogroup",
      "aria-label": "Things in the picture",
      hidden: "",
    }),
  );
  return element(
    "section",
    { class: "look-scene", "data-part": "look-scene", "data-state": "empty", "aria-label": "The look" },
    element(
      "figure",
      { class: "print" },
      pin(),
      element(
        "div",
        { class: "look-face" },
        stage,
        element(
          "p",
          { class: "look-invitation" },
          "Drop or paste a picture of a\u00a0room or an\u00a0outfit",
        ),
      ),
      element("figcaption", {}, element("p", { class: "name", "data-part": "look-name" })),
    ),
    element(
      "p",
      { class: "actions" },
      element(
        "label",
        { class: "button" },
        file,
        "Choose",
        element("span", { class: "unseen" }, " a picture of a look"),
      ),
      element("label", { class: "button camera" }, camera, "Camera"),
      element(
        "button",
        { type: "button", "data-part": "clear-look", hidden: "" },
        "Remove",
        element("span", { class: "unseen" }, " the look"),
      ),
    ),
  );
}

function tray(): HTMLElement {
  return element(
    "div",
    { class: "tray look-tray" },
    element("h2", {}, "Or take a drawing"),
    element("ul", { "data-part": "look-samples" }),
  );
}

function options(): HTMLElement {
  return element(
    "details",
    { class: "filter-card", "data-part": "look-options-card", open: "" },
    element("summary", {}, "Options"),
    element("form", { "data-part": "look-options" }),
  );
}

function found(): HTMLElement {
  return element(
    "section",
    { class: "found", "data-part": "look-found", "aria-label": "Products" },
    element(
      "div",
      { class: "found-head" },
      element("h2", { "data-part": "look-title" }, "What is in it"),
      element("p", { class: "certainty", "data-part": "look-certainty" }),
    ),
    element("div", { "data-part": "look-lead" }),
    element("div", { class: "notice", "data-part": "look-notice" }),
    element("div", { "data-part": "look-products" }),
    element("div", { class: "look-timing", "data-part": "look-timing" }),
  );
}
