/** ItemSage vectors of drawn products, by the models that ship: what the catalogue computes of an item, in Node. */
import { readFile } from "node:fs/promises";
import { wordsOf } from "../../src/catalog/item-words.ts";
import { type ItemContent, ItemEmbedder } from "../../src/catalog/itemsage.ts";
import { renderPixels } from "../../src/demo/picture.ts";
import type { Product } from "../../src/demo/products.ts";
import {
  ImageEmbeddingManifest,
  ItemEmbeddingManifest,
  type ModelManifest,
  pinnedName,
  TextEmbeddingManifest,
} from "../../src/runtime/manifest.ts";
import { nativeRuntime } from "../../src/runtime/native-runtime.ts";
import type { Session } from "../../src/runtime/session.ts";
import { TextEmbedder } from "../../src/vision/text-embedding.ts";
import { TextTokenizer } from "../../src/vision/text-tokenizer.ts";
import { type Embedding, ImageEmbedder, type Inference } from "../../src/vision/unified-embedding.ts";

const MODELS = new URL("../", import.meta.url);

/** Pixels of a picture's longer side: what the encoders look at. */
const SIDE = 224;

export interface ProductEmbedder {
  /** `itemsage@<revision>` */
  readonly model: string;
  readonly dimensions: number;
  /** @returns unit length */
  embed(product: Product): Promise<Embedding>;
  close(): Promise<void>;
}

/** The item model with the three encoders that it pins. @throws Error when another revision of one lies there */
export async function openProductEmbedder(): Promise<ProductEmbedder> {
  const sessions: Session[] = [];
  const opened = async <Manifest extends ModelManifest>(manifest: Manifest, expected?: string) => {
    const name = pinnedName(manifest);
    if (expected !== undefined && name !== expected) throw new Error(`${name} is there, not ${expected}`);
    const precision = manifest.files.int8 ? "int8" : "fp32";
    const bytes = await readFile(new URL(`${manifest.name}/${manifest.files[precision]!.path}`, MODELS));
    const runtime = nativeRuntime({ provider: "cpu", threads: 1 });
    const session = await runtime.load(new Uint8Array(bytes), { manifest, precision });
    sessions.push(session);
    const inference: Inference = { infer: (_, inputs, { outputs } = {}) => session.run(inputs, outputs) };
    return { manifest, inference };
  };
  const item = await opened(ItemEmbeddingManifest.parse(await manifestOf("itemsage")));
  const { encoders } = item.manifest.item;
  const picture = async (pinned: string) => {
    const { manifest, inference } = await opened(
      ImageEmbeddingManifest.parse(await manifestOf(pinned)),
      pinned,
    );
    return new ImageEmbedder(manifest, inference);
  };
  const [unified, pinclip] = [await picture(encoders.unified), await picture(encoders.pinclip)];
  const text = await opened(TextEmbeddingManifest.parse(await manifestOf(encoders.text)), encoders.text);
  const { name, text: about } = text.manifest;
  const json = await readFile(new URL(`${name}/${about.tokenizer.path}`, MODELS), "utf8");
  const words = new TextEmbedder(text.manifest, new TextTokenizer(json, about), text.inference);
  const items = new ItemEmbedder(item.manifest, item.inference, words);
  return {
    model: pinnedName(item.manifest),
    dimensions: item.manifest.output.dimensions,
    async embed(product) {
      const pixels = await renderPixels(product.svg, SIDE);
      const [seen] = await unified.embed([unified.tensorOf(pixels)]);
      const [meant] = await pinclip.embed([pinclip.tensorOf(pixels)]);
      const { title, description, category, attributes } = product;
      const content: ItemContent = {
        pictures: [{ unified: seen!, pinclip: meant! }],
        texts: wordsOf({ title, description, category, attributes }),
      };
      const [vector] = await items.embed([content]);
      return vector!;
    },
    async close() {
      for (const session of sessions) await session.dispose();
    },
  };
}

/** @param model its name, or `name@revision` */
async function manifestOf(model: string): Promise<unknown> {
  const [name] = model.split("@");
  return JSON.parse(await readFile(new URL(`${name}/manifest.json`, MODELS), "utf8"));
}
