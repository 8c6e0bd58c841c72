import type { AppKeeper } from "../../ports/app_keeper.ts";

/** Name of an app that the person gives none. */
const USUAL_NAME = "feishu";

/** A name that no kept app has: the usual one, or that with a number. */
export async function freeName(apps: Pick<AppKeeper, "read">): Promise<string> {
  const taken = new Set((await apps.read()).apps.map(({ name }) => name));
  if (!taken.has(USUAL_NAME)) return USUAL_NAME;
  let number = 2;
  while (taken.has(`${USUAL_NAME}-${number}`)) number++;
  return `${USUAL_NAME}-${number}`;
}
