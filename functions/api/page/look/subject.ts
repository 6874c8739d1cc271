/** The scene that an address means: one of the drawings, or the picture that the visitor brought. */
import { type Picture, pictureOf, release } from "../picture.ts";
import { PageProblem } from "../problem.ts";
import { SAMPLES, sampleUrl } from "./samples.ts";

/** Parameter that says that the address means the picture in memory. */
export const BY_PICTURE = "picture";

/** Parameter that names a drawing. */
export const BY_SAMPLE = "sample";

/** Remembers pictures, which addresses cannot hold. */
export class Scenes {
  #brought: Picture | undefined;
  readonly #samples = new Map<string, Promise<Picture>>();

  /** Takes a file. @throws {PageProblem} when it is no picture */
  bring(file: File): void {
    const picture = pictureOf(file, file.name);
    if (this.#brought) release(this.#brought);
    this.#brought = picture;
  }

  /** Undefined: an invitation. @throws {PageProblem} when a drawing cannot be had */
  async of(params: URLSearchParams): Promise<Picture | undefined> {
    const name = params.get(BY_SAMPLE);
    if (name === null) return params.has(BY_PICTURE) ? this.#brought : undefined;
    let sample = this.#samples.get(name);
    if (!sample) {
      sample = fetchSample(name);
      this.#samples.set(name, sample);
      sample.catch(() => this.#samples.delete(name));
    }
    return sample;
  }
}

async function fetchSample(name: string): Promise<Picture> {
  const sample = SAMPLES.find((one) => one.name === name);
  const response = sample && (await fetch(sampleUrl(sample)).catch(() => undefined));
  if (!sample || !response?.ok) {
    throw new PageProblem({
      code: "no-sample",
      title: "There is no such drawing",
      detail: `The page has none that is called ${JSON.stringify(name)}, or cannot get it.`,
      hint: "Choose another below, or bring a picture of your own.",
    });
  }
  return pictureOf(await response.blob(), sample.words, true);
}
