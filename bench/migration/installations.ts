/** Two installations of Corkboard: today's, and one whose picture model has another revision. */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { keepModel } from "../../src/cli/models-keep.ts";
import { sealModel } from "../../src/cli/models-seal.ts";
import type { ModelManifest } from "../../src/runtime/manifest.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const MODEL = "unified-embedding";

const run = promisify(execFile);

export interface Installation {
  /** Its command line. */
  readonly cli: string;
  /** `name@revision` of what embeds pictures. */
  readonly model: string;
}

export interface Installations {
  readonly before: Installation;
  /** The revision of `before` is kept. */
  readonly after: Installation;
  remove(): Promise<void>;
}

/** Copies and builds both. The new revision fits pictures into its square otherwise, so that all vectors change. */
export async function installBoth(): Promise<Installations> {
  const folder = await mkdtemp(join(tmpdir(), "corkboard-migration-"));
  const before = await install(join(folder, "before"), async () => undefined);
  const after = await install(join(folder, "after"), async (models) => {
    await keepModel(MODEL, models);
    const path = join(models, MODEL, "manifest.json");
    const manifest = JSON.parse(await readFile(path, "utf8")) as ModelManifest & {
      preprocess: { fit: string };
    };
    manifest.preprocess.fit = manifest.preprocess.fit === "stretch" ? "contain" : "stretch";
    await writeFile(path, JSON.stringify(manifest));
    await sealModel(path);
  });
  return { before, after, remove: () => rm(folder, { recursive: true, force: true }) };
}

async function install(target: string, change: (models: string) => Promise<unknown>): Promise<Installation> {
  const { stdout } = await run("git", ["ls-files"], { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  for (const file of stdout.split("\n").filter(Boolean)) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await cp(join(ROOT, file), join(target, file));
  }
  await symlink(join(ROOT, "node_modules"), join(target, "node_modules"));
  const models = join(target, "models");
  await change(models);
  await run(process.execPath, ["--import", "tsx", "scripts/build.ts"], { cwd: target });
  const { revision } = JSON.parse(
    await readFile(join(models, MODEL, "manifest.json"), "utf8"),
  ) as ModelManifest;
  return { cli: join(target, "dist/cli/corkboard.js"), model: `${MODEL}@${revision}` };
}
