/** The print of the look: its picture, with the things in it as points, or with where a category looks. */
import { part } from "../dom.ts";
import { type TakeFiles, takeFromInput } from "../intake.ts";
import type { Picture } from "../picture.ts";
import { type Area, coveredArea, type Grid } from "./attention.ts";
import { HeatMap } from "./heat-map.ts";
import { Hotspots, type Spot } from "./hotspots.ts";
import type { SceneModels } from "./models.ts";

export interface ScenePrintEvents {
  readonly take: TakeFiles;
  readonly clear: () => void;
  readonly chosen: (index: number) => void;
}

export class ScenePrint {
  readonly #root: HTMLElement;
  readonly #image: HTMLImageElement;
  readonly #spots: Hotspots;
  readonly #heat: HeatMap;

  constructor(root: HTMLElement, { take, clear, chosen }: ScenePrintEvents) {
    this.#root = root;
    this.#image = part<HTMLImageElement>(root, "look-image");
    this.#spots = new Hotspots(part(root, "spots"), chosen);
    this.#heat = new HeatMap(part<HTMLCanvasElement>(root, "heat"));
    for (const name of ["look-file", "look-camera"]) {
      takeFromInput(part<HTMLInputElement>(root, name), 0, take);
    }
    part(root, "clear-look").addEventListener("click", clear);
  }

  /** Shows a picture without anything on it; nothing is an invitation. */
  show(picture: Picture | undefined): void {
    this.#root.dataset.state = picture === undefined ? "empty" : "done";
    part(this.#root, "look-name").textContent = picture?.name ?? "";
    if (picture === undefined) this.#image.removeAttribute("src");
    else if (this.#image.getAttribute("src") !== picture.url) this.#image.src = picture.url;
    this.#image.alt = picture === undefined ? "" : picture.drawn ? `Drawing: ${picture.name}` : picture.name;
    part(this.#root, "clear-look").hidden = picture === undefined;
    this.clear();
  }

  /** Takes away points and veil. */
  clear(): void {
    this.#spots.show([], 0);
    this.#heat.hide();
  }

  showSpots(spots: readonly Spot[], chosen: number): void {
    this.#heat.hide();
    this.#spots.show(spots, chosen);
  }

  choose(index: number): void {
    this.#spots.choose(index);
  }

  /** Where a category looks; undefined: the bare picture. */
  async showAttention(grid: Grid | undefined, { backbone }: SceneModels): Promise<void> {
    this.#spots.show([], 0);
    if (grid === undefined) {
      this.#heat.hide();
      return;
    }
    await this.#image.decode().catch(() => undefined);
    this.#heat.show(grid, areaOf(this.#image, backbone));
  }

  showBusy(busy: boolean): void {
    this.#root.classList.toggle("is-busy", busy);
  }
}

function areaOf({ naturalWidth, naturalHeight }: HTMLImageElement, backbone: SceneModels["backbone"]): Area {
  if (!backbone || naturalHeight === 0) return [0, 0, 1, 1];
  const { fit, width, height } = backbone.preprocess;
  return coveredArea(fit, naturalWidth / naturalHeight, width / height);
}
