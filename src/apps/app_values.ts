import * as z from "zod";
import { once } from "../once.ts";
import { defined } from "../defined.ts";
import type { AppList } from "../ports/app_keeper.ts";
import type { ValueForm } from "../ports/sealed_values.ts";
import { Secret } from "../secret.ts";

const appSchema = once(() =>
  z.object({
    name: z.string(),
    brand: z.enum(["feishu", "lark"]),
    appId: z.string(),
    appSecret: z.string(),
    at: z.string().optional(),
    addedAtMs: z.number(),
    madeBy: z.string().optional(),
  })
);

const listSchema = once(() => z.object({ defaultName: z.string().optional(), apps: z.array(appSchema()) }));

/** The kept apps in the store: one value, so that a change of a name and of the default is one write. */
export const APP_VALUES: ValueForm<AppList> = {
  namespace: "app",
  encode: ({ defaultName, apps }) => ({
    ...defined({ defaultName }),
    apps: apps.map((app) => ({ ...app, appSecret: app.appSecret.reveal() })),
  }),
  decode: (stored) => {
    const { defaultName, apps } = listSchema().parse(stored);
    return {
      ...defined({ defaultName }),
      apps: apps.map(({ name, brand, appId, appSecret, at, addedAtMs, madeBy }) => ({
        ...{ name, brand, appId, addedAtMs },
        appSecret: new Secret(appSecret),
        ...defined({ at, madeBy }),
      })),
    };
  },
};
