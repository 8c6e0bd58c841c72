import { GENERATED_PARTS } from "./generated_parts.ts";
import { cutPage } from "./marked_part.ts";

if (import.meta.main) {
  for (const { file, name, render } of GENERATED_PARTS) {
    const { head, tail } = cutPage(await Deno.readTextFile(file), name);
    await Deno.writeTextFile(file, `${head}\n\n${render()}\n\n${tail}`);
  }
}
