/** Whether this program runs on Deno Deploy, which sets these variables for every app. */
export function isOnDenoDeploy(env: (name: string) => string | undefined): boolean {
  return Boolean(env("DENO_DEPLOY") || env("DENO_DEPLOYMENT_ID"));
}
