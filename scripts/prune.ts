/** Removes what an earlier build left behind. */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** File systems keep times coarsely: a file that was just written can look this many milliseconds older. */
const CLOCK_SLACK_MS = 2000;

/** Deletes files below `folder` that were last written before `time` (milliseconds since 1970). */
export async function removeOlderThan(time: number, folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((entry) => entry.isFile())) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if ((await stat(path)).mtimeMs < time - CLOCK_SLACK_MS) await rm(path);
  }
}
