/** Dialogs that ask one thing. The browser keeps the focus inside, closes on Escape and gives the focus back. */
import { element } from "../dom.ts";

export interface Question {
  readonly title: string;
  readonly body: readonly (Node | string)[];
  /** On the button that agrees. */
  readonly agree: string;
  readonly danger?: boolean;
}

let asked = 0;

/** Asks; answers whether the visitor agreed. */
export function ask({ title, body, agree, danger = false }: Question): Promise<boolean> {
  const id = `question-${asked++}`;
  const cancel = element("button", { type: "button" }, "Cancel");
  const yes = element("button", { type: "submit", class: danger ? "strong danger" : "strong" }, agree);
  const form = element(
    "form",
    {},
    element("h2", { id }, title),
    ...body,
    element("p", { class: "choices" }, cancel, yes),
  );
  const dialog = element("dialog", { class: "question", "aria-labelledby": id }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    let agreed = false;
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      agreed = true;
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(agreed);
    });
  });
}

/** Asks before something that cannot be undone. */
export function confirmLoss(title: string, detail: string, agree: string): Promise<boolean> {
  return ask({ title, body: [element("p", {}, detail)], agree, danger: true });
}
