/** A catalogue into an archive, part by part. */
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import type { Corkboard, Item } from "../../client/index.ts";
import {
  type ArchivedBoard,
  type ArchivedItem,
  BOARDS_PART_LENGTH,
  boardsName,
  HEADER,
  HEADER_NAME,
  PART_BYTES,
  PART_ITEMS,
  partName,
  pictureName,
} from "./format.ts";

export interface Exported {
  readonly items: number;
  readonly pictures: number;
  readonly boards: number;
}

/** @param advance called for every item */
export async function writeArchive(
  corkboard: Corkboard,
  target: Writable,
  advance: () => void,
): Promise<Exported> {
  const archive = pack();
  const written = pipeline(archive, target);
  const count = await addEntries(corkboard, archive, advance).catch((error) => {
    archive.destroy(error);
    return written.then(() => Promise.reject(error));
  });
  archive.finalize();
  await written;
  return count;
}

async function addEntries(
  corkboard: Corkboard,
  archive: ReturnType<typeof pack>,
  advance: () => void,
): Promise<Exported> {
  const entry = (name: string, data: Buffer) =>
    new Promise<void>((resolve, reject) => {
      const header = { name, size: data.length, mode: 0o644, mtime: new Date(0) };
      archive.entry(header, data, (error) => (error ? reject(error) : resolve()));
    });
  const seen = new Set<string>();
  let part: ArchivedItem[] = [];
  let bytes = 0;
  let parts = 0;
  let items = 0;
  const endPart = async () => {
    if (part.length === 0) return;
    const text = part.map((item) => `${JSON.stringify(item)}\n`).join("");
    await entry(partName(++parts), Buffer.from(text));
    part = [];
    bytes = 0;
  };

  await entry(HEADER_NAME, Buffer.from(`${JSON.stringify(HEADER)}\n`));
  for await (const item of corkboard.items.all()) {
    const { sha256 } = item.image;
    if (sha256 !== undefined && !seen.has(sha256)) {
      seen.add(sha256);
      const picture = Buffer.from(await (await corkboard.pictures.get(sha256)).arrayBuffer());
      await entry(pictureName(sha256), picture);
      bytes += picture.length;
    }
    part.push(archivedItem(item));
    items += 1;
    advance();
    if (part.length >= PART_ITEMS || bytes >= PART_BYTES) await endPart();
  }
  await endPart();
  const boards = await addBoards(corkboard, entry);
  return { items, pictures: seen.size, boards };
}

async function addBoards(
  { boards }: Corkboard,
  entry: (name: string, data: Buffer) => Promise<void>,
): Promise<number> {
  let text = "";
  let count = 0;
  let parts = 0;
  const endPart = async () => {
    if (text !== "") await entry(boardsName(++parts), Buffer.from(text));
    text = "";
  };
  for await (const { id, title, description } of boards.all()) {
    const items: string[] = [];
    for await (const item of boards.allItems(id, { brief: true })) items.push(item.id);
    text += `${JSON.stringify({ id, title, description, items } satisfies ArchivedBoard)}\n`;
    count += 1;
    if (text.length >= BOARDS_PART_LENGTH) await endPart();
  }
  await endPart();
  return count;
}

function archivedItem(item: Item): ArchivedItem {
  const { state, states, look, createdAt, updatedAt, version, image, ...fields } = item;
  const { sha256, url } = image;
  return { ...fields, image: sha256 === undefined ? { url: url ?? "" } : { sha256 } } as ArchivedItem;
}
