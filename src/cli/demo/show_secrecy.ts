import type { DemoStage } from "./demo_stage.ts";

/** None of `secrets` can be read in the files below `folder`, and the files are their owner's alone. */
export async function showSecrecy(
  stage: DemoStage,
  folder: string,
  secrets: readonly string[],
): Promise<void> {
  const { report, platform } = stage;
  report.section({ en: "5. What is on disk", zh: "5. 磁盘上的内容" });
  let searched = 0;
  const readable: string[] = [];
  for (const path of await filesBelow(folder)) {
    const text = new TextDecoder("latin1").decode(await Deno.readFile(path));
    searched++;
    if (secrets.some((secret) => text.includes(secret))) readable.push(path);
  }
  report.check(
    { en: "no token can be read in any file", zh: "任何文件中都读不到令牌" },
    readable.length === 0 && searched > 0,
    { en: `${searched} files searched`, zh: `查找了 ${searched} 个文件` },
  );
  if (platform.os === "windows") return;
  const modes = await Promise.all(
    (await filesBelow(folder)).map(async (path) => ((await Deno.stat(path)).mode ?? 0) & 0o777),
  );
  report.check(
    { en: "every file is its owner's alone", zh: "每个文件都只有所有者可以访问" },
    modes.every((mode) => mode === 0o600),
    { en: `mode ${modes[0]?.toString(8)}`, zh: `权限 ${modes[0]?.toString(8)}` },
  );
}

async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) paths.push(...await filesBelow(path));
    else paths.push(path);
  }
  return paths;
}
