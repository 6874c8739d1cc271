/** The list of models, fetched once, and a menu of them when there are several. */
import { element } from "./dom.ts";
import { listModels, type Model } from "./model.ts";

export class ModelChoice {
  readonly #select: HTMLSelectElement;
  readonly #field: HTMLElement;
  #models: Promise<readonly Model[]> | undefined;

  constructor(select: HTMLSelectElement, field: HTMLElement) {
    this.#select = select;
    this.#field = field;
    // A deployment without models says so when the first picture needs one.
    this.#list().catch(() => undefined);
  }

  async chosen(): Promise<Model> {
    const models = await this.#list();
    return models[this.#select.selectedIndex] ?? models[0]!;
  }

  /** The chosen model's name when it is not the default. */
  namedModel(): string | undefined {
    return this.#select.selectedIndex > 0 ? this.#select.value : undefined;
  }

  #list(): Promise<readonly Model[]> {
    this.#models ??= listModels().then(
      (models) => this.#offer(models),
      (error) => {
        this.#models = undefined;
        throw error;
      },
    );
    return this.#models;
  }

  #offer(models: readonly Model[]): readonly Model[] {
    const options = models.map(({ manifest }) => element("option", { value: manifest.name }, manifest.name));
    this.#select.replaceChildren(...options);
    this.#field.hidden = models.length < 2;
    return models;
  }
}
