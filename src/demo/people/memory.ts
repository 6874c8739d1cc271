/** What a simulated person remembers: what they saw, kept, bought and did last. */
import type { Category } from "../design.ts";

/** Actions that the policy may show more of. */
const RECENT = 12;

export class Memory {
  readonly #shown = new Map<number, number>();
  readonly #saved = new Set<number>();
  readonly #hidden = new Set<number>();
  /** Day of the last purchase. */
  readonly #bought = new Map<Category, number>();
  readonly #liked: { readonly product: number; readonly at: number }[] = [];

  show(product: number): void {
    this.#shown.set(product, this.timesShown(product) + 1);
  }

  like(product: number, at: number): void {
    this.#liked.unshift({ product, at });
    this.#liked.length = Math.min(this.#liked.length, RECENT);
  }

  save(product: number): void {
    this.#saved.add(product);
  }

  hide(product: number): void {
    this.#hidden.add(product);
  }

  buy(category: Category, day: number): void {
    this.#bought.set(category, day);
  }

  timesShown(product: number): number {
    return this.#shown.get(product) ?? 0;
  }

  hasSaved(product: number): boolean {
    return this.#saved.has(product);
  }

  hasHidden(product: number): boolean {
    return this.#hidden.has(product);
  }

  /** Days since a purchase in the category. */
  daysSinceBought(category: Category, day: number): number {
    return day - (this.#bought.get(category) ?? Number.NEGATIVE_INFINITY);
  }

  /** Products acted on and not hidden, the latest first. */
  get liked(): readonly { readonly product: number; readonly at: number }[] {
    return this.#liked;
  }
}
