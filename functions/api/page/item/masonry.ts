/** Prints of different heights, packed close; in the document they stay in their order. */

/** Height of a grid row in pixels, as the style sheet has it. */
const ROW = 4;

/** Keeps each card of `list` as many rows high as it needs, whatever loads or wraps. */
export class Masonry {
  readonly #sizes = new ResizeObserver((entries) => {
    for (const { target } of entries) this.#fit(target);
  });

  constructor(private readonly list: HTMLElement) {}

  replace(cards: readonly HTMLElement[]): void {
    this.#sizes.disconnect();
    this.list.replaceChildren();
    this.append(cards);
  }

  append(cards: readonly HTMLElement[]): void {
    this.list.append(...cards);
    for (const { firstElementChild: paper } of cards) {
      if (paper === null) continue;
      this.#fit(paper);
      this.#sizes.observe(paper);
    }
  }

  #fit(paper: Element): void {
    const card = paper.parentElement;
    if (card === null) return;
    const { marginBottom } = getComputedStyle(paper);
    const height = paper.getBoundingClientRect().height + Number.parseFloat(marginBottom);
    card.style.gridRowEnd = `span ${Math.max(1, Math.ceil(height / ROW))}`;
  }
}
