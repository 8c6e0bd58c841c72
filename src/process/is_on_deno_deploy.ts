/** Whether this program runs on Deno Deploy, by the variables that it sets for every app. */
export function isOnDenoDeploy(env: (name: string) => string | undefined): boolean {
  return Boolean(env("DENO_DEPLOY") || env("DENO_DEPLOYMENT_ID"));
}
