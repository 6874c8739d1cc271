/** The same thing from a terminal: the command for a picture, ready to copy. */
import { part } from "../dom.ts";

/** How long the button says that it has copied, in ms. */
const CONFIRMATION_MS = 2000;

/** The command that sends a file to the API. */
export function curlCommand(name: string, model: string | undefined): string {
  const file = /^[\w.@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
  const chosen = model === undefined ? "" : ` -F model=${model}`;
  return `curl -F image=@${file}${chosen} ${location.origin}/v1/embeddings`;
}

/** Makes the copy button work; `announce` tells screen readers. */
export function enableCopying(section: HTMLElement, announce: (text: string) => void): void {
  const button = part<HTMLButtonElement>(section, "copy");
  const command = part(section, "command");
  const label = button.textContent;
  button.addEventListener("click", async () => {
    const copied = await copy(command);
    button.textContent = copied ? "Copied" : "Selected: press Ctrl+C";
    announce(copied ? "Command copied" : "Command selected");
    setTimeout(() => {
      button.textContent = label;
    }, CONFIRMATION_MS);
  });
}

/** Copies the text, or at least selects it where the browser refuses. */
async function copy(source: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    return false;
  }
}
