/** A slip that says what went wrong and what to do. */
import { element } from "../dom.ts";
import { problemText } from "../problem.ts";

/** @param retry what "Try again" does; without it there is no such button */
export function problemSlip(thrown: unknown, retry?: () => void): HTMLElement {
  const { title, detail, hint } = problemText(thrown);
  const slip = element(
    "div",
    { class: "slip", role: "alert" },
    element("p", { class: "slip-title" }, title),
    element("p", {}, detail),
  );
  if (hint !== undefined) slip.append(element("p", {}, hint));
  if (retry !== undefined) {
    const button = element("button", { type: "button" }, "Try again");
    button.addEventListener("click", retry);
    slip.append(button);
  }
  return slip;
}
