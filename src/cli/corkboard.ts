#!/usr/bin/env node
/** The command line: `npx corkboard <command> --help`. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { Problem } from "../problem.ts";
import { compileCommand } from "./compile.ts";
import { embedCommand } from "./embed.ts";
import { modelsCommand } from "./models.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

const program = new Command("corkboard")
  .description("Visual discovery at the edge: image embeddings and visual search.")
  .version(version)
  .showHelpAfterError()
  .addCommand(embedCommand())
  .addCommand(compileCommand())
  .addCommand(modelsCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`corkboard: ${error.message}${error.hint ? `\n  ${error.hint}` : ""}`);
  process.exitCode = 1;
}
