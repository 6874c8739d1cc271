/** One line at the foot of the window about what was just done, and a way to undo it. */
import { element } from "../dom.ts";
import { problemText } from "../problem.ts";

/** Long enough to read it and to reach the button, in ms; it stays while it has the pointer or the focus. */
const SHOWN_FOR = 8_000;

let shown: HTMLElement | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** @param undo takes it back; without it there is no such button */
export function showNotice(text: string, undo?: () => Promise<void>): void {
  shown?.remove();
  const notice = element("div", { class: "toast", role: "status" }, element("p", {}, text));
  shown = notice;
  if (undo !== undefined) {
    const button = element("button", { type: "button" }, "Undo");
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await undo();
        showNotice("Undone");
      } catch (thrown) {
        showNotice(problemText(thrown).detail);
      }
    });
    notice.append(button);
  }
  document.body.append(notice);
  leaveLater(notice);
  for (const name of ["pointerenter", "focusin"]) notice.addEventListener(name, () => clearTimeout(timer));
  for (const name of ["pointerleave", "focusout"]) notice.addEventListener(name, () => leaveLater(notice));
}

function leaveLater(notice: HTMLElement): void {
  clearTimeout(timer);
  timer = setTimeout(() => notice.remove(), SHOWN_FOR);
}
