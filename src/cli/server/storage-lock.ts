/** One server a storage folder: two would write the same files. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../problem.ts";

const FILE = "server.pid";

export class StorageInUseError extends Problem {
  constructor(storage: string, pid: number) {
    super({
      status: 409,
      code: "storage-in-use",
      title: "Another server uses this folder",
      detail: `${storage} belongs to the running process ${pid}.`,
      hint: "End it, or name another folder with --storage.",
    });
  }
}

/**
 * Takes a folder for this process; answers a function that gives it back.
 * @throws {StorageInUseError} while another process that has it lives
 */
export async function lockStorage(storage: string): Promise<() => Promise<void>> {
  await mkdir(storage, { recursive: true });
  const file = join(storage, FILE);
  const take = () => writeFile(file, `${process.pid}\n`, { flag: "wx" });
  try {
    await take();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const pid = Number(await readFile(file, "utf8").catch(() => ""));
    if (pid > 0 && pid !== process.pid && isAlive(pid)) throw new StorageInUseError(storage, pid);
    await rm(file, { force: true });
    await take();
  }
  return () => rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
