/** Buttons that copy something to the clipboard and say whether it worked. */

/** How long a button shows the outcome, in ms. */
const CONFIRMATION_MS = 2000;

/** @param source what to copy, asked at every press; `announce` tells screen readers */
export function enableCopying(
  button: HTMLElement,
  source: () => string,
  announce: (text: string) => void,
): void {
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const outcome = await navigator.clipboard.writeText(source()).then(
      () => "Copied",
      () => "Copying is blocked",
    );
    button.textContent = outcome;
    announce(outcome);
    setTimeout(() => {
      button.textContent = label;
    }, CONFIRMATION_MS);
  });
}
