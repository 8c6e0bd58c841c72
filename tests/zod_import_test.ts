import assert from "node:assert/strict";
import { PROJECT_FOLDER } from "../tools/project_folder.ts";

Deno.test("src/ imports zod as a namespace, of which a bundle keeps what is used", async () => {
  // With `import { z }` a bundle keeps all of it, its messages in fifty languages among them: 350 KB and 10 ms a start.
  const { stdout } = await new Deno.Command("git", {
    args: ["grep", "-nE", 'import (type )?\\{.*\\} from "zod"', "--", "src"],
    cwd: PROJECT_FOLDER,
  }).output();
  assert.equal(new TextDecoder().decode(stdout), "");
});
