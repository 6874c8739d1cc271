/** Pictures of items in `<img>` elements. */
import type { Item } from "../../../../src/client/index.ts";
import type { Api } from "../access/api.ts";
import { element } from "../dom.ts";
import { altText } from "./words.ts";

/** An image of the item; a blank sheet with a word on it until, or if ever, there is one. */
export function itemPicture(item: Pick<Item, "id" | "title" | "image">, api: Api, lazy = true): HTMLElement {
  const { href, sha256 } = item.image;
  if (href === undefined || sha256 === undefined) {
    return element("span", { class: "no-picture" }, "No picture yet");
  }
  const image = element("img", { alt: altText(item), ...(lazy && { loading: "lazy" }), decoding: "async" });
  image.dataset.loading = "";
  image.addEventListener("load", () => delete image.dataset.loading);
  image.addEventListener("error", () => {
    image.replaceWith(element("span", { class: "no-picture" }, "The picture cannot be shown"));
  });
  if (api.hasKey) void showWithKey(image, sha256, api);
  else image.src = href;
  return image;
}

/** The browser sends no key for images: the picture is fetched and shown from memory. */
async function showWithKey(image: HTMLImageElement, sha256: string, api: Api): Promise<void> {
  try {
    const url = URL.createObjectURL(await api.call((client) => client.pictures.get(sha256), true));
    image.addEventListener("load", () => URL.revokeObjectURL(url), { once: true });
    image.src = url;
  } catch {
    image.dispatchEvent(new Event("error"));
  }
}
