/** `corkboard models`: the models on this machine. */
import { Command } from "commander";
import { type AnyManifest, isHosted, outputsOf } from "../runtime/manifest.ts";
import { listAllModels } from "./model-folder.ts";
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
  const manifests = await listAllModels();
  console.table(
    manifests.map((manifest) => ({
      model: `${manifest.name}@${manifest.revision}`,
      task: manifest.task,
      answers: answersOf(manifest),
      precisions: precisionsOf(manifest).join(", "),
      licence: manifest.license,
    })),
  );
}

function answersOf(manifest: AnyManifest): string {
  if (!isHosted(manifest)) return `ranked items, on an origin; items by ${manifest.content.model}`;
  return outputsOf(manifest)
    .map(({ name, shape }) => `${name} [${shape.slice(1).join("×")}]`)
    .join(", ");
}

function precisionsOf(manifest: AnyManifest): string[] {
  return Object.keys(isHosted(manifest) ? manifest.files : manifest.graphs.history.files);
}
