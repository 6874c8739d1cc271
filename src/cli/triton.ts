/** `corkboard triton`: the models for an NVIDIA Triton in place of an origin. */
import { Command, Option } from "commander";
import { LARGEST_BATCH } from "../inference/batcher.ts";
import { pinnedName } from "../runtime/manifest.ts";
import { MODELS_FOLDER } from "./model-folder.ts";
import type { Device } from "./triton/model-config.ts";
import { exportModels } from "./triton/model-repository.ts";
import { wholeNumber } from "./whole-number.ts";

/** Requests of a model that wait: as many as the origin's own lines hold. */
const MAX_WAITING = 64;
const MOST_INSTANCES = 64;

interface Options {
  readonly models: string;
  readonly precision?: string;
  readonly output: string;
  readonly folder: string;
  readonly maxBatch: number;
  readonly instances: number;
  readonly device: Device;
}

export function tritonCommand(): Command {
  return new Command("triton")
    .description("Serve the models with NVIDIA Triton.")
    .addCommand(tritonExportCommand());
}

function tritonExportCommand(): Command {
  return new Command("export")
    .description("Write a model repository for Triton's ONNX Runtime backend.")
    .option("--models <names>", "names with optional precisions, such as unified-embedding:fp16,pinclip", "*")
    .addOption(
      new Option(
        "--precision <precision>",
        "of the models that name none (default: the first of int8, fp16, fp32)",
      ).choices(["int8", "fp16", "fp32"]),
    )
    .option("-o, --output <folder>", "the model repository", "triton-models")
    .option("--folder <folder>", "where the models are", MODELS_FOLDER)
    .option(
      "--max-batch <rows>",
      "most rows of a request, and that run together",
      wholeNumber(1, LARGEST_BATCH),
      LARGEST_BATCH,
    )
    .option("--instances <n>", "copies of a model on each device", wholeNumber(1, MOST_INSTANCES), 1)
    .addOption(
      new Option("--device <device>", "what runs the models: every GPU, or the CPU where there is none")
        .choices(["auto", "gpu", "cpu"])
        .default("auto"),
    )
    .addHelpText(
      "after",
      `
Example:
  $ npx corkboard triton export -o triton-models
  $ tritonserver --model-repository=$PWD/triton-models

Then set ORIGIN_URL, and ORIGIN_VERSIONS = "integer", in wrangler.toml.`,
    )
    .action(async ({ precision, ...options }: Options) => {
      const { models, leftOut } = await exportModels({
        ...options,
        ...(precision && { precision }),
        maxWaiting: MAX_WAITING,
      });
      console.table(
        models.map(({ model, version }) => ({
          model: pinnedName(model.manifest),
          precision: model.precision,
          version,
        })),
      );
      for (const name of leftOut) {
        console.error(`${name} is left out: its inputs or outputs are not those of the current revision.`);
      }
    });
}
