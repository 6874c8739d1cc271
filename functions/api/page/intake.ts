/** The ways a file comes in: drop, paste, file chooser, camera. */
import { filesOf } from "./picture.ts";

/** Takes files; `slot` is where the visitor put them, undefined when anywhere will do. */
export type TakeFiles = (files: readonly File[], slot?: number) => void;

/**
 * Lets the whole window take dropped and pasted files, while `board` is in the view that is open. Without this, a
 * missed drop would leave the page.
 */
export function takeFromWindow(board: HTMLElement, take: TakeFiles): void {
  let depth = 0;
  const isOpen = () => board.closest("[hidden]") === null;
  const carriesFiles = (event: DragEvent) =>
    isOpen() && (event.dataTransfer?.types.includes("Files") ?? false);
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth += 1;
    board.classList.add("is-aimed-at");
  });
  addEventListener("dragleave", (event) => {
    if (!carriesFiles(event)) return;
    depth = Math.max(0, depth - 1);
    if (depth === 0) board.classList.remove("is-aimed-at");
  });
  addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    depth = 0;
    board.classList.remove("is-aimed-at");
    if (!carriesFiles(event)) return;
    event.preventDefault();
    take(filesOf(event.dataTransfer), slotOf(event.target));
  });
  addEventListener("paste", (event) => {
    const files = isOpen() ? filesOf(event.clipboardData) : [];
    if (files.length === 0) return;
    event.preventDefault();
    take(files, slotOf(document.activeElement));
  });
}

/** Takes files from a file input, which is emptied so that the same file can be chosen again. */
export function takeFromInput(input: HTMLInputElement, slot: number, take: TakeFiles): void {
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    if (files.length > 0) take(files, slot);
  });
}

function slotOf(target: EventTarget | null): number | undefined {
  const holder = target instanceof Element ? target.closest<HTMLElement>("[data-slot]") : null;
  return holder === null ? undefined : Number(holder.dataset.slot);
}
