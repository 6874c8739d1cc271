/** What was acknowledged, in a file beside the source: a second run goes on where the first stopped. */
import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, rm } from "node:fs/promises";

/** Enough of SHA-256 to notice a change. */
const DIGEST_LENGTH = 16;

const HEADING = "corkboard journal 1";

export class Journal {
  readonly #file: FileHandle;
  readonly #path: string;
  readonly #done: ReadonlyMap<string, string>;

  private constructor(path: string, file: FileHandle, done: ReadonlyMap<string, string>) {
    this.#path = path;
    this.#file = file;
    this.#done = done;
  }

  /** Opens a journal, or begins one. One of another server is begun anew: nothing of it is there. */
  static async open(path: string, url: string): Promise<Journal> {
    const heading = `${HEADING} ${url}`;
    const lines = (await readFile(path, "utf8").catch(() => "")).split("\n");
    const known = lines[0] === heading;
    // The last line is cut off when the program was killed while it wrote.
    const entries = known ? lines.slice(1, -1).map((line) => line.split(" ")) : [];
    const file = await open(path, known ? "a" : "w");
    await file.appendFile(known ? "\n" : `${heading}\n`);
    return new Journal(path, file, new Map(entries as [string, string][]));
  }

  /** Whether an item was acknowledged as it is now. */
  has(id: string, fingerprint: string): boolean {
    return this.#done.get(id) === digest(fingerprint);
  }

  async add(id: string, fingerprint: string): Promise<void> {
    await this.#file.appendFile(`${id} ${digest(fingerprint)}\n`);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** Everything is done: the next run begins anew. */
  async remove(): Promise<void> {
    await this.close();
    await rm(this.#path, { force: true });
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, DIGEST_LENGTH);
}
