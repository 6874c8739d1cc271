/** The view that compares two pictures: the board, its controls, the drawings, the command line. */
import { announce } from "./announce.ts";
import { Board } from "./board.ts";
import { part } from "./dom.ts";
import { Device } from "./encode/device.ts";
import { createEncoder } from "./encode/encoder.ts";
import type { EncoderChoice } from "./encode/encoding.ts";
import { ModelChoice } from "./model-choice.ts";
import type { Picture } from "./picture.ts";
import { enableCopying } from "./views/copy-button.ts";
import { curlCommand } from "./views/curl.ts";
import { SLOT_NAMES } from "./views/print.ts";
import { fillTray } from "./views/sample-tray.ts";

/** @param script address of the page's script, which is its worker's, too */
export function openCompare(script: string): void {
  hangPrints();
  const form = part<HTMLFormElement>(document, "controls");
  const models = new ModelChoice(part<HTMLSelectElement>(document, "model"), part(document, "model-field"));
  const terminal = part(document, "terminal");
  const choices = {
    model: () => models.chosen(),
    encoder: () => (new FormData(form).get("encoder") as EncoderChoice | null) ?? "auto",
  };
  const showCommand = (picture: Picture | undefined) => {
    part(terminal, "command").textContent = curlCommand(
      location.origin,
      picture?.name ?? "photo.jpg",
      models.namedModel(),
    );
  };
  const encoder = createEncoder(new Device(script));
  const board = new Board(document, encoder, choices, announce, showCommand);

  form.addEventListener("change", () => board.again());
  form.addEventListener("submit", (event) => event.preventDefault());
  fillTray(part(document, "samples"), (drawing) => board.take([drawing], undefined, true));
  enableCopying(part(terminal, "copy"), () => part(terminal, "command").textContent ?? "", announce);
  showCommand(undefined);
}

/** Puts a copy of the template into each place of the board. */
function hangPrints(): void {
  const template = part<HTMLTemplateElement>(document, "print-template");
  for (const [slot, name] of SLOT_NAMES.entries()) {
    const place = part(document, `print-${slot}`);
    place.append(template.content.cloneNode(true));
    for (const label of place.querySelectorAll("[data-slot-name]")) label.textContent = name;
  }
}
