#!/usr/bin/env node
/** The command line: `npx corkboard <command> --help`. */
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { ConnectionError, ProblemError } from "../client/index.ts";
import { Problem } from "../problem.ts";
import { exportCommand, importCommand } from "./archive.ts";
import { boardsCommand } from "./boards.ts";
import { compileCommand } from "./compile.ts";
import { embedCommand } from "./embed.ts";
import { eventsCommand } from "./events.ts";
import { feedCommand } from "./feed.ts";
import { forgetCommand } from "./forget.ts";
import { ingestCommand } from "./ingest.ts";
import { keysCommand } from "./keys.ts";
import { modelsCommand } from "./models.ts";
import { searchCommand } from "./search.ts";
import { serveCommand } from "./serve.ts";
import { statusCommand } from "./status.ts";
import { tritonCommand } from "./triton.ts";

const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

const program = new Command("corkboard")
  .description("Visual discovery at the edge: image embeddings and visual search.")
  .version(version)
  .showHelpAfterError()
  .addCommand(serveCommand())
  .addCommand(ingestCommand())
  .addCommand(statusCommand())
  .addCommand(searchCommand())
  .addCommand(boardsCommand())
  .addCommand(eventsCommand())
  .addCommand(forgetCommand())
  .addCommand(feedCommand())
  .addCommand(keysCommand())
  .addCommand(exportCommand())
  .addCommand(importCommand())
  .addCommand(embedCommand())
  .addCommand(compileCommand())
  .addCommand(modelsCommand())
  .addCommand(tritonCommand());

try {
  await program.parseAsync();
} catch (error) {
  const said = explain(error);
  if (said === undefined) throw error;
  console.error(`corkboard: ${said}`);
  process.exitCode = 1;
}

/** What is said of errors that are meant for people; nothing of those that are mistakes of the program. */
function explain(error: unknown): string | undefined {
  if (error instanceof Problem) return error.hint ? `${error.message}\n  ${error.hint}` : error.message;
  if (error instanceof ProblemError) {
    const { detail, hint } = error.problem;
    return hint ? `${detail}\n  ${hint}` : detail;
  }
  if (error instanceof ConnectionError) {
    return `${error.message}\n  Is it running? \`npx corkboard serve\` starts one here; --url names another.`;
  }
  const { code, path } = (error ?? {}) as NodeJS.ErrnoException;
  return code === "ENOENT" && path !== undefined ? `There is no file ${path}.` : undefined;
}
