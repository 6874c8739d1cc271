/** `corkboard export` and `corkboard import`: a whole catalogue as one file. */
import { createReadStream, createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Command } from "commander";
import { readArchive } from "./archive/read.ts";
import { writeArchive } from "./archive/write.ts";
import { type ConnectionOptions, connect, withConnection } from "./connection.ts";
import { STANDARD_INPUT } from "./picture-paths.ts";
import { startProgress } from "./progress.ts";

export function exportCommand(): Command {
  return withConnection(new Command("export"))
    .description("Write a whole catalogue, items, pictures and boards, into one tar file.")
    .argument("<file>", "the archive, or - for standard output")
    .action(async (file: string, options: ConnectionOptions) => {
      const corkboard = connect(options);
      const progress = startProgress((await corkboard.catalog()).items, "exporting");
      // An archive under its name is a whole one.
      const partial = `${file}.partial`;
      const toOutput = file === STANDARD_INPUT;
      try {
        const target = toOutput ? process.stdout : createWriteStream(partial);
        const { items, pictures, boards } = await writeArchive(corkboard, target, progress.advance);
        if (!toOutput) await rename(partial, file);
        progress.stop();
        console.error(`Exported ${items} items, ${pictures} pictures and ${boards} boards.`);
      } catch (error) {
        progress.stop();
        if (!toOutput) await rm(partial, { force: true });
        throw error;
      }
    });
}

export function importCommand(): Command {
  return withConnection(new Command("import"))
    .description(
      "Put all items and boards of an archive into a catalogue; those with the same ids are replaced.",
    )
    .argument("<file>", "the archive, or - for standard input")
    .action(async (file: string, options: ConnectionOptions) => {
      const source = file === STANDARD_INPUT ? process.stdin : createReadStream(file);
      const { items, failed, boards } = await readArchive(connect(options), source, {
        advance: () => undefined,
        failed: (id, reason) => console.error(`${id}: ${reason}`),
      });
      console.error(
        `Imported ${items} items${failed > 0 ? `, ${failed} failed` : ""}, and ${boards} boards.`,
      );
      if (failed > 0) process.exitCode = 1;
    });
}
