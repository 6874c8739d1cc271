/** `corkboard embed`: pictures in, embeddings out, on this machine and without a server. */
import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { dump } from "npyjs";
import { decodePicture } from "../media/decode.ts";
import { sha256Hex } from "../media/sha256.ts";
import { toTensor } from "../media/tensor.ts";
import { Problem } from "../problem.ts";
import { Precision } from "../runtime/manifest.ts";
import { type EngineChoice, loadOnThisMachine } from "./local-session.ts";
import { readEmbeddingModel } from "./model-folder.ts";
import { expandPicturePaths, readPicture } from "./picture-paths.ts";
import { startProgress } from "./progress.ts";

interface EmbedOptions {
  readonly model: string;
  readonly precision: Precision;
  readonly engine: EngineChoice;
  readonly format: "json" | "npy";
  readonly output?: string;
}

/** One line of the result: a picture and its unit-length embedding. */
interface EmbeddedPicture {
  readonly picture: string;
  readonly sha256: string;
  readonly embedding: Float32Array;
}

export function embedCommand(): Command {
  return new Command("embed")
    .description("Embed pictures on this machine, without a server.")
    .argument("<picture...>", "picture files, folders of pictures, or - for standard input")
    .addOption(new Option("--model <name>", "model to use").default("unified-embedding"))
    .addOption(new Option("--precision <precision>", "model file").choices(Precision.options).default("int8"))
    .addOption(
      new Option("--engine <engine>", "auto takes native where onnxruntime-node is installed")
        .choices(["auto", "native", "wasm"])
        .default("auto"),
    )
    .addOption(
      new Option("--format <format>", "json, or npy for NumPy").choices(["json", "npy"]).default("json"),
    )
    .option("-o, --output <file>", "write here instead of standard output")
    .addHelpText(
      "after",
      `
Examples:
  $ npx corkboard embed photo.jpg
  $ npx corkboard embed pictures/ --format npy -o embeddings.npy   # rows in the order of the file names
  $ cat photo.jpg | npx corkboard embed -

Pictures that cannot be embedded are named on standard error; the exit code is then 1. With npy
their rows are NaN, so that row i stays picture i.`,
    )
    .action(embed);
}

async function embed(arguments_: readonly string[], options: EmbedOptions): Promise<void> {
  if (options.format === "npy" && options.output === undefined && process.stdout.isTTY) {
    throw new Problem({
      status: 400,
      code: "binary-to-terminal",
      title: "Binary output to a terminal",
      detail: "--format npy writes binary data",
      hint: "name a file with -o, or redirect standard output",
    });
  }
  const paths = await expandPicturePaths(arguments_);
  const { manifest, bytes } = await readEmbeddingModel(options.model, options.precision);
  const session = await loadOnThisMachine(bytes, { manifest, precision: options.precision }, options.engine);
  const rows: (EmbeddedPicture | undefined)[] = [];
  const progress = startProgress(paths.length, "embedding");
  for (const path of paths) {
    try {
      const picture = await readPicture(path);
      const tensor = toTensor(await decodePicture(picture), manifest.preprocess);
      const outputs = await session.run({ [manifest.input.name]: tensor });
      const embedding = outputs[manifest.output.name]?.data;
      if (!(embedding instanceof Float32Array)) throw new TypeError(`${manifest.name} did not return FP32`);
      rows.push({ picture: path, sha256: await sha256Hex(picture), embedding });
    } catch (error) {
      rows.push(undefined);
      process.exitCode = 1;
      console.error(`${path}: ${error instanceof Error ? error.message : error}`);
    }
    progress.advance();
  }
  progress.stop();
  await session.dispose();

  const output =
    options.format === "npy" ? npy(rows, manifest.output.dimensions) : json(rows, options, manifest);
  if (options.output === undefined) process.stdout.write(output);
  else await writeFile(options.output, output);
}

function json(
  rows: readonly (EmbeddedPicture | undefined)[],
  { precision }: EmbedOptions,
  { name, revision }: { name: string; revision: string },
): string {
  const data = rows
    .filter((row) => row !== undefined)
    .map((row) => ({ ...row, embedding: Array.from(row.embedding) }));
  return `${JSON.stringify({ model: `${name}@${revision}`, precision, data })}\n`;
}

/** A NumPy array of rows × dimensions; rows of pictures that failed are NaN. */
function npy(rows: readonly (EmbeddedPicture | undefined)[], dimensions: number): Uint8Array {
  const matrix = new Float32Array(rows.length * dimensions).fill(Number.NaN);
  for (const [index, row] of rows.entries()) if (row) matrix.set(row.embedding, index * dimensions);
  return new Uint8Array(dump(matrix, [rows.length, dimensions]));
}
