/** Runs the engine contract in a real browser, driven by Vitest in Node. */
import { describe, expect, it } from "vitest";
import type { BrowserOptions } from "../browser.ts";
import { openScript, type ScriptPage } from "../script-page.ts";
import { useBrowser } from "../use-browser.ts";
import type { RuntimeInPage } from "./browser-page.ts";
import { contract } from "./contract.ts";
import { MODELS, type ModelForm } from "./contract-models.ts";

/** @param forms In which forms the runtime takes models. */
export function testRuntimeInBrowser(
  runtime: RuntimeInPage,
  forms: readonly ModelForm[],
  options: BrowserOptions = {},
): void {
  let script: ScriptPage;
  useBrowser(options, async (browser) => {
    script = await openScript(browser, new URL("browser-page.ts", import.meta.url));
    return () => script.close();
  });

  for (const form of forms) {
    describe(`the ${runtime} runtime in a browser, with ${form}`, () => {
      for (const { title } of contract(MODELS[form])) {
        it(title, async () => {
          const call = [runtime, form, title].map((argument) => JSON.stringify(argument));
          expect(await script.page.evaluate(`runContractCase(${call.join()})`)).toBeUndefined();
        });
      }
    });
  }
}
