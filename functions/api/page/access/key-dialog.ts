/** Asks for an API key. */
import { element } from "../dom.ts";
import type { Refusal } from "./api.ts";
import { ask } from "./dialog.ts";

/** Answers the key, or undefined when the visitor has none. */
export async function askForKey({ problem }: Refusal): Promise<string | undefined> {
  const input = element("input", {
    type: "password",
    name: "key",
    required: "",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: "ck_…",
  });
  const agreed = await ask({
    title: problem.title,
    body: [
      element("p", {}, problem.detail),
      element("label", { class: "field" }, "API key", input),
      element("p", { class: "aside" }, "It stays in this tab and is forgotten when the tab closes."),
    ],
    agree: "Use this key",
  });
  const key = input.value.trim();
  return agreed && key !== "" ? key : undefined;
}
