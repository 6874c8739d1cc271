/** `corkboard models`: the models on this machine. */
import { Command } from "commander";
import { outputsOf } from "../runtime/manifest.ts";
import { listModels } from "./model-folder.ts";
import { addModelCommand } from "./models-add.ts";
import { keepModelCommand } from "./models-keep.ts";
import { sealModelCommand } from "./models-seal.ts";

export function modelsCommand(): Command {
  return new Command("models")
    .description("List, check, add and keep models.")
    .addCommand(new Command("list").description("List the models on this machine.").action(printModels))
    .addCommand(addModelCommand())
    .addCommand(keepModelCommand())
    .addCommand(sealModelCommand());
}

async function printModels(): Promise<void> {
  const manifests = await listModels();
  console.table(
    manifests.map((manifest) => ({
      model: `${manifest.name}@${manifest.revision}`,
      task: manifest.task,
      answers: outputsOf(manifest)
        .map(({ name, shape }) => `${name} [${shape.slice(1).join("×")}]`)
        .join(", "),
      precisions: Object.keys(manifest.files).join(", "),
      licence: manifest.license,
    })),
  );
}
