/** An item on its way in, whichever way it was sent. */
import { readImage } from "../../catalog/batch.ts";
import { ItemBody, type ItemWrite } from "../../catalog/item.ts";
import type { ItemForm } from "../schemas/items.ts";
import { InvalidRequestError, validationProblem } from "../validation.ts";

/** @throws problems of `src/media` for a data URL that holds no picture */
export function writeFromJson(id: string, { image, ...fields }: ItemBody): ItemWrite {
  return { id, fields, ...(image !== undefined && { picture: readImage(image) }) };
}

/** @throws {InvalidRequestError} and as `writeFromJson` */
export async function writeFromForm(id: string, form: ItemForm): Promise<ItemWrite> {
  const { image, price, attributes, ...texts } = form;
  const body = ItemBody.safeParse({
    ...texts,
    ...(price !== undefined && { price: numberOf(price) }),
    ...(attributes !== undefined && { attributes: jsonOf(attributes, "attributes") }),
    ...(typeof image === "string" && { image }),
  });
  if (!body.success) throw validationProblem(body.error.issues, form);
  const write = writeFromJson(id, body.data);
  if (!(image instanceof Blob)) return write;
  return { ...write, picture: { bytes: new Uint8Array(await image.arrayBuffer()) } };
}

/** A value that is JSON in a text field. @throws {InvalidRequestError} */
export function jsonOf(text: string, param: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidRequestError(`${param} is not valid JSON.`, param);
  }
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}
