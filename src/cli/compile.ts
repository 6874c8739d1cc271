/** `corkboard compile`: an int8 ONNX model to a plan for Corkboard's own engine. */
import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { Problem } from "../problem.ts";
import { compile, type Refusal } from "../runtime/engine/compiler/compile.ts";

export function compileCommand(): Command {
  return new Command("compile")
    .description("Compile a quantised ONNX model (QDQ, int8) for the engine.")
    .argument("<model>", "an .onnx file")
    .option("-o, --output <file>", "the plan (default: the model's name with .plan)")
    .action(async (model: string, { output }: { output?: string }) => {
      const result = compile(new Uint8Array(await readFile(model)));
      if ("unsupported" in result) throw new NotCompiledError(model, result.unsupported);
      const file = output ?? model.replace(/(\.onnx)?$/, ".plan");
      await writeFile(file, result.plan);
      console.log(`${file}: ${result.plan.length} bytes`);
    });
}

/** A model with nodes that the engine does not run; it still runs on onnxruntime-web. */
class NotCompiledError extends Problem {
  constructor(model: string, refusals: readonly Refusal[]) {
    const lines = refusals.map(({ node, op, reason }) => `  ${op} "${node}": ${reason}`);
    super({
      status: 422,
      code: "model-not-compiled",
      title: "Model not compiled",
      detail: `${model} does not run on the engine:\n${lines.join("\n")}`,
      hint: "It runs on onnxruntime-web as it is. docs/engine.md says what a model needs.",
    });
  }
}
