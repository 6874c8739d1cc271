/** What a search is by: a picture that the visitor brought, or an item. */
import type { Crop, Item } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";
import { parseCrop } from "../crop/geometry.ts";
import { altText, titleOf } from "../item/words.ts";
import { type Picture, pictureOf, release } from "../picture.ts";
import type { ShownQuery } from "./query-print.ts";

/** Parameter that says that the address means the picture in memory. */
export const BY_PICTURE = "picture";

export type Subject =
  | { readonly picture: Picture }
  | { readonly item: Item; readonly picture: Picture | undefined };

/** Remembers pictures, which addresses cannot hold. */
export class Subjects {
  #brought: Picture | undefined;
  #item: { readonly item: Item; readonly picture: Picture | undefined } | undefined;

  /** Items that were asked for by their ids. */
  readonly #known = new Map<string, Item>();

  constructor(private readonly api: Api) {}

  /** Takes a file. @throws {PageProblem} when it is no picture */
  bring(file: File): void {
    const picture = pictureOf(file, file.name);
    if (this.#brought) release(this.#brought);
    this.#brought = picture;
  }

  /** What an address means; undefined: everything. @throws what the client throws */
  async of(params: URLSearchParams): Promise<Subject | undefined> {
    const id = params.get("like");
    if (id !== null) return this.#ofItem(id);
    if (params.has(BY_PICTURE) && this.#brought) return { picture: this.#brought };
    return undefined;
  }

  /** Items by their ids, as far as there are such. */
  async items(ids: readonly string[]): Promise<Item[]> {
    const missing = ids.filter((id) => !this.#known.has(id));
    await Promise.all(
      missing.map(async (id) => {
        const item = await this.api.call((client) => client.items.get(id)).catch(() => undefined);
        if (item !== undefined) this.#known.set(id, item);
      }),
    );
    return ids.flatMap((id) => this.#known.get(id) ?? []);
  }

  /** The item with its picture, which a crop of it is searched by. */
  async #ofItem(id: string): Promise<Subject> {
    if (this.#item?.item.id === id) return this.#item;
    const item = await this.api.call((client) => client.items.get(id));
    const { sha256 } = item.image;
    const blob = sha256 && (await this.api.call((client) => client.pictures.get(sha256)));
    if (this.#item?.picture) release(this.#item.picture);
    this.#item = { item, picture: blob ? pictureOf(blob, titleOf(item)) : undefined };
    return this.#item;
  }
}

export function shownQuery(subject: Subject | undefined): ShownQuery | undefined {
  if (subject?.picture === undefined) return undefined;
  const { url, name } = subject.picture;
  return { url, name, alt: "item" in subject ? altText(subject.item) : name };
}

/** The crop of an address, where there is something to crop. */
export function cropOf(params: URLSearchParams, subject: Subject | undefined): Crop | undefined {
  return subject?.picture && parseCrop(params.get("crop"));
}
