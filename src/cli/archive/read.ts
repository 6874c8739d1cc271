/** An archive into a catalogue, part by part. */
import { createHash } from "node:crypto";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { extract } from "tar-stream";
import type { z } from "zod";
import { MAX_ITEM_BYTES } from "../../catalog/limits.ts";
import type { BatchItem, Corkboard } from "../../client/index.ts";
import { MAX_PICTURE_BYTES } from "../../media/limits.ts";
import {
  ArchivedBoard,
  ArchivedItem,
  ArchiveHeader,
  BOARDS_NAME,
  HEADER_NAME,
  InvalidArchiveError,
  PART_BYTES,
  PART_ITEMS,
  PART_NAME,
  PICTURE_NAME,
} from "./format.ts";

export interface Imported {
  readonly items: number;
  readonly failed: number;
  readonly boards: number;
}

export interface ReadOptions {
  readonly advance: () => void;
  readonly failed: (id: string, reason: string) => void;
}

/** A part of JSON may be as large as its items may be, with as much again for escapes. */
const MAX_PART_BYTES = 2 * PART_ITEMS * MAX_ITEM_BYTES;

/** Pictures held until their items come. */
const MAX_HELD_BYTES = PART_BYTES + MAX_PICTURE_BYTES;

/** @throws {InvalidArchiveError}, and the client's errors; what was read before is imported */
export async function readArchive(
  corkboard: Corkboard,
  source: Readable,
  options: ReadOptions,
): Promise<Imported> {
  const reader = new PartReader(corkboard, options);
  const entries = source.pipe(extract());
  // An error of the file itself would otherwise be nobody's.
  source.on("error", (error) => entries.destroy(error));
  for await (const entry of entries) {
    const { name, size = 0, type } = entry.header;
    if (type !== "file") throw new InvalidArchiveError(`${name} is no file.`);
    const limit = PICTURE_NAME.test(name) ? MAX_PICTURE_BYTES : MAX_PART_BYTES;
    if (size > limit) throw new InvalidArchiveError(`${name} has ${size} bytes, more than ${limit}.`);
    await reader.take(name, await buffer(entry));
  }
  return reader.end();
}

class PartReader {
  readonly #corkboard: Corkboard;
  readonly #options: ReadOptions;
  /** Of this part; once sent, a picture is named by its sha256. */
  readonly #held = new Map<string, Buffer>();
  #heldBytes = 0;
  #begun = false;
  #items = 0;
  #failed = 0;
  #boards = 0;

  constructor(corkboard: Corkboard, options: ReadOptions) {
    this.#corkboard = corkboard;
    this.#options = options;
  }

  async take(name: string, data: Buffer): Promise<void> {
    if (!this.#begun) return this.#begin(name, data);
    const [, sha256] = PICTURE_NAME.exec(name) ?? [];
    if (sha256 !== undefined) this.#hold(sha256, data);
    else if (PART_NAME.test(name)) await this.#send(name, data.toString("utf8"));
    else if (BOARDS_NAME.test(name)) await this.#putBoards(name, data.toString("utf8"));
    else throw new InvalidArchiveError(`${name.slice(0, 200)} does not belong into an archive.`);
  }

  end(): Imported {
    if (!this.#begun) throw new InvalidArchiveError("The file is empty.");
    if (this.#held.size > 0)
      throw new InvalidArchiveError("The archive ends before the items of its last part.");
    return { items: this.#items, failed: this.#failed, boards: this.#boards };
  }

  #begin(name: string, data: Buffer): void {
    const header = name === HEADER_NAME ? ArchiveHeader.safeParse(jsonOf(data.toString("utf8"))) : undefined;
    if (!header?.success) throw new InvalidArchiveError("The file is no archive of a version known here.");
    this.#begun = true;
  }

  #hold(sha256: string, data: Buffer): void {
    if (createHash("sha256").update(data).digest("hex") !== sha256) {
      throw new InvalidArchiveError(`The picture ${sha256} is damaged.`);
    }
    this.#held.set(sha256, data);
    this.#heldBytes += data.length;
    if (this.#heldBytes > MAX_HELD_BYTES) throw new InvalidArchiveError("A part has too many pictures.");
  }

  async #send(name: string, text: string): Promise<void> {
    const items = linesOf(name, text, ArchivedItem, "item");
    // Those that bring a picture come first: others of the part may show the same.
    await this.#write(items.flatMap((item) => this.#withPicture(item) ?? []));
    const brought = new Set(this.#held.keys());
    this.#held.clear();
    this.#heldBytes = 0;
    await this.#write(
      items.flatMap((item) => (this.#bringsPicture(item, brought) ? [] : [byReference(item)])),
    );
  }

  async #putBoards(name: string, text: string): Promise<void> {
    for (const { id, ...board } of linesOf(name, text, ArchivedBoard, "board")) {
      await this.#corkboard.boards.put(id, board);
      this.#boards += 1;
    }
  }

  readonly #first = new Map<string, string>();

  /** The item with the picture itself, when it is the first of all to show it. */
  #withPicture(item: ArchivedItem): BatchItem | undefined {
    const { image, ...fields } = item;
    if (!("sha256" in image)) return undefined;
    const data = this.#held.get(image.sha256);
    if (!data || this.#first.has(image.sha256)) return undefined;
    this.#first.set(image.sha256, item.id);
    return { ...fields, image: Uint8Array.from(data) };
  }

  #bringsPicture({ id, image }: ArchivedItem, brought: ReadonlySet<string>): boolean {
    return "sha256" in image && brought.has(image.sha256) && this.#first.get(image.sha256) === id;
  }

  async #write(items: readonly BatchItem[]): Promise<void> {
    for await (const result of this.#corkboard.items.batch(items)) {
      this.#options.advance();
      if (result.ok) this.#items += 1;
      else {
        this.#failed += 1;
        this.#options.failed(result.id, result.problem.detail);
      }
    }
  }
}

function byReference({ image, ...fields }: ArchivedItem): BatchItem {
  return { ...fields, image: "sha256" in image ? `sha256:${image.sha256}` : image.url };
}

/** @throws {InvalidArchiveError} for a line of something else */
function linesOf<Line>(name: string, text: string, schema: z.ZodType<Line>, what: string): Line[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const parsed = schema.safeParse(jsonOf(line));
    if (!parsed.success) throw new InvalidArchiveError(`${name} holds a line that is no ${what}.`);
    return parsed.data;
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
