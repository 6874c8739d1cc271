/** What is ingested: a folder of pictures, or a list of products. */
import { stat } from "node:fs/promises";
import type { BatchItem } from "../../client/index.ts";
import { Problem } from "../../problem.ts";

/** An item, found but not read: pictures are read when their turn comes. */
export interface Found {
  readonly id: string;
  /** Changes whenever what would be sent changes: a second run sends only what is new. */
  readonly fingerprint: string;
  /** @throws when the picture cannot be read */
  readonly load: () => Promise<BatchItem>;
}

/** A line or file that is no item. */
export interface Unusable {
  /** Line or file. */
  readonly where: string;
  readonly reason: string;
}

export interface Listing {
  readonly found: readonly Found[];
  readonly unusable: readonly Unusable[];
}

/** The source is nothing that can be ingested. */
export class UnknownSourceError extends Problem {
  constructor(path: string) {
    super({
      status: 400,
      code: "unknown-source",
      title: "This cannot be ingested",
      detail: `${path} is neither a folder, nor a .csv, nor a .ndjson or .jsonl file.`,
      hint: "Name a folder of pictures, or a list of products.",
    });
  }
}

export type SourceKind = "folder" | "csv" | "ndjson";

/** @throws {UnknownSourceError} */
export async function kindOf(path: string): Promise<SourceKind> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return "folder";
  if (info?.isFile() && /\.csv$/i.test(path)) return "csv";
  if (info?.isFile() && /\.(ndjson|jsonl)$/i.test(path)) return "ndjson";
  throw new UnknownSourceError(path);
}
