/** Phrases of four words, some for the catalogue and others to search for. Runs in Node and in workerd. */

const STYLES = ["modern", "rustic", "vintage", "elegant", "minimal", "classic", "tiny", "large"];

const COLOURS = "red blue green yellow black white grey brown pink purple orange turquoise".split(" ");

const MATERIALS = "leather cotton wooden metal velvet linen wool ceramic plastic bamboo".split(" ");

const KINDS = (
  "armchair sofa lamp table dress shirt boots handbag vase clock rug mirror " +
  "cushion jacket bowl shelf hat curtain bed mug"
).split(" ");

const COUNT = STYLES.length * COLOURS.length * MATERIALS.length * KINDS.length;

/** Shares no factor with {@link COUNT}: neighbours in number differ in every word, and none comes twice. */
const STEP = 7_919;

/** Phrase number `index`, 0 … 19,199: `rustic blue wooden lamp`. */
export function phrase(index: number): string {
  if (index >= COUNT) throw new RangeError(`there are ${COUNT} phrases`);
  let rest = (index * STEP) % COUNT;
  const words = [STYLES, COLOURS, MATERIALS, KINDS].map((some) => {
    const word = some[rest % some.length]!;
    rest = Math.floor(rest / some.length);
    return word;
  });
  return words.join(" ");
}

/** Phrases that items say of themselves: item `n` says phrase `n` modulo this. */
export const CATALOGUE_PHRASES = 2_000;

/** What is searched for: phrases that no item says. */
export function query(index: number): string {
  return phrase(CATALOGUE_PHRASES + index);
}
