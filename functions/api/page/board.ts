/** Two pictures on the board: takes them in, has them encoded, and shows what comes of it. */
import { compare } from "./compare.ts";
import { part } from "./dom.ts";
import type { Encoder } from "./encode/encoder.ts";
import type { EncoderChoice, Encoding } from "./encode/encoding.ts";
import { trailOf } from "./encode/trail.ts";
import { takeFromWindow } from "./intake.ts";
import { calibrationOf } from "./interpretation.ts";
import type { Model } from "./model.ts";
import { type Picture, pictureOf, release } from "./picture.ts";
import { problemText } from "./problem.ts";
import { enableCopying } from "./views/copy-button.ts";
import { Print, SLOT_NAMES } from "./views/print.ts";
import { showAgreement, showEncoding } from "./views/reading.ts";
import { meaning, showTag } from "./views/similarity.ts";
import { Thread } from "./views/thread.ts";

/** What the visitor has chosen; read anew for every picture. */
export interface Choices {
  /** @throws {PageProblem} when this deployment has no model */
  model(): Promise<Model>;
  encoder(): EncoderChoice;
}

interface Place {
  readonly print: Print;
  picture?: Picture | undefined;
  encoding?: Encoding | undefined;
  model?: Model | undefined;
  /** Counts what happened here, so that an answer that comes too late is dropped. */
  turn: number;
}

export class Board {
  readonly #places: readonly [Place, Place];
  readonly #thread: Thread;
  /** The place that the next picture goes to when both are taken. */
  #next = 0;

  constructor(
    private readonly page: ParentNode,
    private readonly encoder: Encoder,
    private readonly choices: Choices,
    private readonly announce: (text: string) => void,
    private readonly changed: (picture: Picture | undefined) => void,
  ) {
    const board = part(page, "board");
    const take = (files: readonly File[], slot?: number) => this.take(files, slot);
    const actions = {
      take,
      remove: (slot: number) => this.#remove(slot),
      retry: (slot: number) => this.#encode(slot),
    };
    const place = (slot: number): Place => ({
      print: new Print(part(page, `print-${slot}`), slot, actions),
      turn: 0,
    });
    this.#places = [place(0), place(1)];
    this.#thread = new Thread(part<SVGSVGElement>(board, "thread"), board, [
      this.#places[0].print.pin,
      this.#places[1].print.pin,
    ]);
    takeFromWindow(board, take);
    for (const slot of this.#places.keys()) {
      enableCopying(part(part(page, `reading-${slot}`), "copy"), () => this.#numbers(slot), announce);
    }
    this.#compare();
  }

  /** Pins up to two pictures: the first where `slot` says, or where there is room. */
  take(files: readonly Blob[], slot?: number, drawn = false): void {
    let at = slot ?? this.#room();
    for (const file of files.slice(0, this.#places.length)) {
      this.#pin(at, file, drawn);
      at = 1 - at;
    }
  }

  /** Encodes again whatever hangs here: the encoder or the model has changed. */
  again(): void {
    for (const slot of this.#places.keys())
      if (this.#places[slot]?.picture !== undefined) void this.#encode(slot);
  }

  #room(): number {
    const empty = this.#places.findIndex(({ picture }) => picture === undefined);
    return empty === -1 ? this.#next : empty;
  }

  #pin(slot: number, file: Blob, drawn: boolean): void {
    const place = this.#at(slot);
    this.#empty(place);
    this.#next = 1 - slot;
    try {
      place.picture = pictureOf(file, file instanceof File ? file.name : "picture", drawn);
    } catch (thrown) {
      this.#fail(slot, thrown);
      return;
    }
    this.changed(place.picture);
    void this.#encode(slot);
  }

  #remove(slot: number): void {
    const place = this.#at(slot);
    this.#empty(place);
    this.#next = slot;
    this.announce(`Picture ${SLOT_NAMES[slot]} removed`);
    part(place.print.root, "file").focus();
    this.changed(this.#at(1 - slot).picture);
  }

  #empty(place: Place): void {
    place.turn += 1;
    if (place.picture !== undefined) release(place.picture);
    place.picture = undefined;
    place.encoding = undefined;
    place.print.clear();
    this.#compare();
  }

  async #encode(slot: number): Promise<void> {
    const place = this.#at(slot);
    const { picture, print } = place;
    if (picture === undefined) return;
    place.turn += 1;
    const { turn } = place;
    const isCurrent = () => place.turn === turn;
    place.encoding = undefined;
    print.show(picture);
    this.#compare();
    try {
      const model = await this.choices.model();
      const report = (activity: string) => isCurrent() && print.report(activity);
      const encoding = await this.encoder.encode(picture, model, this.choices.encoder(), report);
      if (!isCurrent()) return;
      Object.assign(place, { encoding, model });
      print.finish(picture, encoding);
      this.announce(`Picture ${SLOT_NAMES[slot]}, ${picture.name}: encoded. ${trailOf(encoding)}.`);
    } catch (thrown) {
      if (isCurrent()) this.#fail(slot, thrown);
    }
    this.#compare();
  }

  #fail(slot: number, thrown: unknown): void {
    const { print, picture } = this.#at(slot);
    print.fail(problemText(thrown), picture);
  }

  /** Shows what is known: one embedding, or both and how they agree. */
  #compare(): void {
    const [a, b] = this.#places;
    for (const [slot, { encoding, picture }] of this.#places.entries()) {
      showEncoding(part(this.page, `reading-${slot}`), picture?.name ?? "", encoding);
    }
    part(this.page, "model-line").textContent = describeModel((a.encoding ? a : b).model);
    part(this.page, "reading").hidden = a.encoding === undefined && b.encoding === undefined;
    if (a.encoding && b.encoding && a.model && a.model.base === b.model?.base) {
      this.#showPair(a.encoding, b.encoding, a.model);
    } else this.#showNoPair();
  }

  #showPair(a: Encoding, b: Encoding, model: Model): void {
    const comparison = compare(a.embedding, b.embedding);
    const calibration = calibrationOf(model.manifest);
    const tag = part(this.page, "tag");
    tag.hidden = false;
    this.announce(showTag(tag, comparison, calibration));
    showAgreement(part(this.page, "agreement"), [a.embedding, b.embedding], comparison);
    part(this.page, "meaning").hidden = false;
    part(this.page, "meaning-body").replaceChildren(...meaning(comparison, calibration));
    this.#thread.pull(comparison.cosine);
  }

  #showNoPair(): void {
    part(this.page, "tag").hidden = true;
    part(this.page, "meaning").hidden = true;
    showAgreement(part(this.page, "agreement"), undefined, undefined);
    this.#thread.pull(0);
  }

  /** The embedding as JSON. */
  #numbers(slot: number): string {
    return JSON.stringify([...(this.#at(slot).encoding?.embedding ?? [])]);
  }

  #at(slot: number): Place {
    return this.#places[slot === 0 ? 0 : 1];
  }
}

function describeModel(model: Model | undefined): string {
  if (model === undefined) return "";
  const { name, revision, description } = model.manifest;
  return `${name}, revision ${revision}. ${description}`;
}
