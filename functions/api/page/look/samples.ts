/** The scenes that the page offers to visitors who have no picture at hand: drawings of the showroom's products. */
import { element } from "../dom.ts";

export interface Sample {
  /** Its file is `/scenes/<name>.jpg`, its address `#/look?sample=<name>`. */
  readonly name: string;
  readonly words: string;
}

/** The same as those of `src/demo/sample-scenes.ts`, which draws them. */
export const SAMPLES: readonly Sample[] = [
  { name: "living-room", words: "a green sofa and a lamp" },
  { name: "denim-jacket", words: "a denim jacket over a long dress" },
  { name: "bedroom", words: "a bed before a window" },
  { name: "camel-coat", words: "a camel coat over trousers" },
  { name: "parlour", words: "a patterned sofa and a yellow armchair" },
  { name: "lilac-skirt", words: "a lilac skirt, laid out" },
];

export function sampleUrl({ name }: Sample): string {
  return `/scenes/${name}.jpg`;
}

/** A link for each; the address says which is shown. */
export function sampleLinks(addressOf: (name: string) => string): HTMLElement[] {
  return SAMPLES.map((sample) => {
    const image = element("img", { src: sampleUrl(sample), alt: "", height: 72, draggable: "false" });
    const link = element(
      "a",
      { class: "sample", href: addressOf(sample.name), "data-sample": sample.name },
      image,
    );
    link.setAttribute("aria-label", `Take the drawing: ${sample.words}`);
    link.title = sample.words;
    return element("li", {}, link);
  });
}
