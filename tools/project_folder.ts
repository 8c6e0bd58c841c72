import { fileURLToPath } from "node:url";

/** The folder that `main.ts` is in, without a separator at its end. */
export const PROJECT_FOLDER: string = fileURLToPath(
  new URL("..", import.meta.url),
).replace(/[/\\]$/, "");

/** Where builds go. Git ignores it. */
export const DIST_FOLDER: string = `${PROJECT_FOLDER}/dist`;
