/** The people whose feeds the page offers where the showroom's products are: the same as `src/demo` simulates. */

export interface CastMember {
  readonly id: string;
  readonly name: string;
  /** What they like, in a sentence. */
  readonly about: string;
}

export const CAST: readonly CastMember[] = [];
