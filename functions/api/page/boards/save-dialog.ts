/** Asks on which boards an item is to be: each is a switch, and there is room for a new one. */
import type { Board, Item } from "../../../../src/client/index.ts";
import { element } from "../dom.ts";
import type { PageContext } from "../item/context.ts";
import { titleOf } from "../item/words.ts";
import { problemSlip } from "../views/problem-slip.ts";
import type { BoardKeeper } from "./keeper.ts";

/** A button that opens it; the focus comes back to it afterwards. */
export function saveButton(item: Item, { boards }: Pick<PageContext, "boards">, plain = true): HTMLElement {
  const name = element("span", { class: "unseen" }, `: ${titleOf(item)}, to a board`);
  const button = element("button", { type: "button", ...(plain && { class: "plain" }) }, "Save", name);
  button.addEventListener("click", () => openSaveDialog(item, boards));
  return button;
}

function openSaveDialog(item: Item, boards: BoardKeeper): void {
  const named = { id: item.id, name: titleOf(item) };
  const list = element("ul", { class: "board-switches" });
  const notice = element("div");
  const input = element("input", {
    type: "text",
    maxlength: 200,
    required: "",
    pattern: ".*\\S.*",
    autocomplete: "off",
  });
  const form = element(
    "form",
    { class: "new-board" },
    element("label", { class: "field" }, "New board", input),
    element("button", { type: "submit" }, "Make it and save"),
  );
  const done = element("button", { type: "button", class: "strong" }, "Done");
  const dialog = element(
    "dialog",
    { class: "question save-dialog", "aria-labelledby": "save-title" },
    element("h2", { id: "save-title" }, "Save to a board"),
    element("p", { class: "aside" }, named.name),
    list,
    notice,
    form,
    element("p", { class: "choices" }, done),
  );
  const fill = async () => {
    try {
      const [all, holding] = await Promise.all([boards.list(), boards.holding(item.id)]);
      list.replaceChildren(...all.map((board) => boardSwitch(board, holding.has(board.id))));
    } catch (thrown) {
      notice.replaceChildren(problemSlip(thrown, () => void fill()));
    }
  };
  const attempt = async (work: () => Promise<unknown>) => {
    notice.replaceChildren();
    try {
      await work();
    } catch (thrown) {
      notice.replaceChildren(problemSlip(thrown));
    }
  };
  const boardSwitch = (board: Board, on: boolean): HTMLElement => {
    const button = element("button", { type: "button", "aria-pressed": String(on) }, board.title);
    button.addEventListener("click", () =>
      attempt(async () => {
        const isOn = button.getAttribute("aria-pressed") === "true";
        if (isOn) await boards.takeOff(board, named);
        else await boards.save(board, named);
        button.setAttribute("aria-pressed", String(!isOn));
      }),
    );
    return element("li", {}, button);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void attempt(async () => {
      await boards.create(input.value.trim(), [named]);
      dialog.close();
    });
  });
  done.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  void fill().then(() => list.querySelector("button")?.focus());
}
