/** The tray of drawings below the board. */
import { element } from "../dom.ts";
import { renderSample, SAMPLES, type Sample, sampleUrl } from "../samples/gallery.ts";

/** Fills `tray`, a list, with a button for each drawing; `pin` hangs one on the board. */
export function fillTray(tray: HTMLElement, pin: (drawing: File) => void): void {
  tray.replaceChildren(...SAMPLES.map((sample) => element("li", {}, sampleButton(sample, pin))));
}

function sampleButton(sample: Sample, pin: (drawing: File) => void): HTMLButtonElement {
  const image = element("img", {
    src: sampleUrl(sample),
    alt: "",
    width: 96,
    height: 96,
    draggable: "false",
  });
  const words = sample.name.replace("-", " ");
  const button = element(
    "button",
    { type: "button", class: "sample", "aria-label": `Pin the drawing: ${words}` },
    image,
  );
  button.title = words;
  button.addEventListener("click", async () => pin(await renderSample(sample)));
  return button;
}
