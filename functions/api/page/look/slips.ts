/** What is said when there is nothing to show, and what can be done. */
import { element } from "../dom.ts";

interface Way {
  readonly words: string;
  readonly go: () => void;
}

function slip(title: string, detail: string, way?: Way): HTMLElement {
  const note = element(
    "div",
    { class: "slip" },
    element("p", { class: "slip-title" }, title),
    element("p", {}, detail),
  );
  if (way) {
    const button = element("button", { type: "button" }, way.words);
    button.addEventListener("click", way.go);
    note.append(button);
  }
  return note;
}

/** @param lookForAll where only some categories were looked for */
export function nothingSeen(known: readonly string[], lookForAll?: () => void): HTMLElement {
  return lookForAll
    ? slip("None of these is in the picture", "Or not clearly enough. Look for other things too?", {
        words: "Look for all",
        go: lookForAll,
      })
    : slip(
        "Nothing was found in this picture",
        `It is looked through for ${listOf(known)}. Rooms and people seen as a whole work best.`,
      );
}

/** @param openGate where only products of the same category were looked for */
export function noProducts(category: string, openGate?: () => void): HTMLElement {
  return openGate
    ? slip(
        `The catalogue has no ${category} to show`,
        "Only products of the same category are looked through. Others may look like it all the same.",
        { words: "Look through all categories", go: openGate },
      )
    : slip("The catalogue is empty", "Products appear here once the catalogue has some.");
}

export function nothingFits(category: string | undefined): HTMLElement {
  return category === undefined
    ? slip(
        "Nothing is missing",
        "All that belongs to such a look is in it, or the catalogue has nothing to add.",
      )
    : slip(`The catalogue has no ${category} to add`, "Choose another category.");
}

export function noModel(what: string): HTMLElement {
  return slip(
    `This deployment cannot ${what} looks`,
    "It lacks the model for that. Add it with `corkboard models add`, build again, and reload this page.",
  );
}

export function invitation(): HTMLElement {
  return slip(
    "No look is pinned yet",
    "Drop a picture anywhere on the board, paste one, choose a file, or take a drawing.",
  );
}

function listOf(names: readonly string[]): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
