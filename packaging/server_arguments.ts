/**
 * What Deno is given to run the server that is bundled in `folder` with its `deno.json`, before the program's own
 * arguments. All that the server needs is there, so that nothing may be downloaded.
 */
export function serverArguments(folder: string): readonly string[] {
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-lock",
    "--no-remote",
    "--no-npm",
    `--config=${folder}/deno.json`,
    "-P=serve",
    `${folder}/main.js`,
  ];
}
