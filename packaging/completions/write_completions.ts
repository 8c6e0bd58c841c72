import { bashCompletion } from "./bash_completion.ts";
import { COMPLETION_FILES } from "./completion_files.ts";
import { completionWords } from "./completion_words.ts";
import { fishCompletion } from "./fish_completion.ts";
import { powershellCompletion } from "./powershell_completion.ts";
import { zshCompletion } from "./zsh_completion.ts";

/** Writes the completion of every shell into `folder`. */
export async function writeCompletions(folder: string): Promise<void> {
  const words = completionWords();
  const texts = {
    bash: bashCompletion(words),
    zsh: zshCompletion(words),
    fish: fishCompletion(words),
    powershell: powershellCompletion(words),
  };
  for (const shell of ["bash", "zsh", "fish", "powershell"] as const) {
    await Deno.writeTextFile(`${folder}/${COMPLETION_FILES[shell]}`, texts[shell]);
  }
}
