/** What the catalogue keeps: items, their pictures, and where each stands on its way to being found. */
import { z } from "zod";
import {
  ID_PATTERN,
  MAX_ATTRIBUTE_NAME_LENGTH,
  MAX_ATTRIBUTE_VALUE_LENGTH,
  MAX_ATTRIBUTE_VALUES,
  MAX_ATTRIBUTES,
  MAX_CATEGORY_LENGTH,
  MAX_DESCRIPTION_LENGTH,
  MAX_ID_LENGTH,
  MAX_ITEM_BYTES,
  MAX_LINK_LENGTH,
  MAX_PRICE,
  MAX_TITLE_LENGTH,
} from "./limits.ts";

export const ItemId = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  .regex(ID_PATTERN, "begins with a letter or digit; then letters, digits and . _ : ~ -")
  .describe("Identifies the item; unique in the catalogue.");

/** SHA-256 of a picture's bytes, 64 lower-case hex digits. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "64 lower-case hex digits");
export type Sha256 = z.infer<typeof Sha256>;

const WebAddress = z.url({ protocol: /^https?$/ }).max(MAX_LINK_LENGTH);

const AttributeText = z.string().max(MAX_ATTRIBUTE_VALUE_LENGTH);

export const AttributeName = z.string().min(1).max(MAX_ATTRIBUTE_NAME_LENGTH);

/** A text, a number, a yes or no, or several texts (sizes, colours, tags). */
export const AttributeValue = z.union([
  AttributeText,
  z.number(),
  z.boolean(),
  z.array(AttributeText).max(MAX_ATTRIBUTE_VALUES),
]);
export type AttributeValue = z.infer<typeof AttributeValue>;

const fields = {
  title: z.string().max(MAX_TITLE_LENGTH).optional(),
  description: z.string().max(MAX_DESCRIPTION_LENGTH).optional(),
  category: z.string().min(1).max(MAX_CATEGORY_LENGTH).optional(),
  price: z.number().min(0).max(MAX_PRICE).optional().describe("In the catalogue's currency."),
  link: WebAddress.optional().describe("Where the item is at home."),
  attributes: z
    .record(AttributeName, AttributeValue)
    .refine((all) => Object.keys(all).length <= MAX_ATTRIBUTES, `at most ${MAX_ATTRIBUTES} attributes`)
    .optional(),
};

const encoder = new TextEncoder();

function fits(value: unknown): boolean {
  return encoder.encode(JSON.stringify(value)).length <= MAX_ITEM_BYTES;
}

const TOO_LARGE = `more than ${MAX_ITEM_BYTES} bytes as JSON`;

/** What a caller says of an item, beside its id and picture. */
export const ItemFields = z.strictObject(fields).refine(fits, TOO_LARGE);
export type ItemFields = z.infer<typeof ItemFields>;

/** The body of `PUT /v1/items/{id}`: fields, and the picture as a data-URL or web address. */
export const ItemBody = z.strictObject({
  ...fields,
  image: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A data-URL, an http(s) address, or `sha256:…` of a stored picture. Left out: the present one stays.",
    ),
});
export type ItemBody = z.infer<typeof ItemBody>;

/** One line of a batch. */
export const ItemLine = ItemBody.extend({ id: ItemId });
export type ItemLine = z.infer<typeof ItemLine>;

/** The picture of an item, as a writer hands it over; `url` is where it came from. */
export type NewPicture =
  | { readonly bytes: Uint8Array; readonly url?: string }
  /** One that the picture store already holds. */
  | { readonly sha256: Sha256; readonly url?: string }
  | { readonly url: string };

/** An item on its way in. */
export interface ItemWrite {
  readonly id: string;
  readonly fields: ItemFields;
  /** Left out: the present picture stays. New items need one. */
  readonly picture?: NewPicture;
  /** Write only when the item has this version; 0: only when there is none. @default in any case */
  readonly ifVersion?: number;
}

/** What is known of an item's picture: its bytes are in the store, or its address waits to be fetched. */
export interface ItemImage {
  readonly sha256?: Sha256;
  readonly url?: string;
  /** Length of the file. */
  readonly bytes?: number;
  /** Media type, as far as known. */
  readonly type?: string;
}

/** Where an item stands in one embedding space. */
export type ItemState =
  | { readonly status: "pending"; readonly attempts: number; readonly reason?: string }
  | { readonly status: "embedded" }
  | { readonly status: "failed"; readonly attempts: number; readonly reason: string };

export type ItemStatus = ItemState["status"];

export interface Item extends ItemFields {
  readonly id: string;
  readonly image: ItemImage;
  /** Of its picture. */
  readonly state: ItemState;
  /** In the spaces of what goes together, and of pictures and words together, where there are such. */
  readonly states?: { readonly look?: ItemState; readonly item?: ItemState };
  /** What it is to searches for things in pictures, `chair` for one: from its own words, or from its picture. */
  readonly look?: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** 1 at first, one more with every change of fields or picture. */
  readonly version: number;
}
