import { z } from "zod";
import type { PlantedSecrets } from "./secret_names.ts";

/** How it answers. */
export const FEISHU_MODES = ["sound", "echo", "page", "redirect", "refusal", "broken"] as const;

const Asked = z.object({ app_id: z.string().optional(), app_secret: z.string().optional() });

/** A Feishu on loopback whose answers repeat secrets wherever an answer has room for a text. */
export class EchoingFeishu implements AsyncDisposable {
  /** How it answers from now on. */
  mode: (typeof FEISHU_MODES)[number] = "sound";
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #secrets: PlantedSecrets;
  #count = 0;

  /** Starts it on any free port. */
  constructor(secrets: PlantedSecrets) {
    this.#secrets = secrets;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request),
    );
  }

  /** Its origin. */
  get origin(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #answer(request: Request): Promise<Response> {
    const body = await request.text();
    const secret = this.#secrets["app secret of the environment"];
    switch (this.mode) {
      case "echo":
        return Response.json({ code: 99999, msg: body, error_description: body, log_id: body }, {
          status: 400,
        });
      case "page":
        return new Response(`<html>${body}</html>`, { status: 502 });
      case "redirect":
        return new Response(null, {
          status: 302,
          headers: { location: `http://user:${secret}@127.0.0.1:1/${secret}?x=${secret}` },
        });
      case "refusal":
        return Response.json({ code: 10014, msg: `app secret invalid ${secret}` });
      case "broken":
        return new Response(body.slice(0, 10), { headers: { "content-encoding": "gzip" } });
      case "sound":
        return Response.json(this.#sound(new URL(request.url).pathname, body));
    }
  }

  #sound(path: string, body: string): Record<string, unknown> {
    const secrets = this.#secrets;
    const { app_id = "", app_secret } = Asked.parse(JSON.parse(body));
    if (path.endsWith("/internal")) {
      if (app_secret === secrets["app secret that is wrong"]) {
        return { code: 10014, msg: "app secret invalid" };
      }
      const token = `${secrets["app token"]}${app_id.slice(-4)}`;
      return { code: 0, app_access_token: token, tenant_access_token: token, expire: 7200 };
    }
    if (body.includes(secrets["refresh token of nobody"])) {
      return { code: 20026, msg: "refresh token invalid" };
    }
    const count = this.#count++;
    return {
      code: 0,
      access_token: `${secrets["access token"]}${count}`,
      refresh_token: `${secrets["refresh token that is issued"]}${count}`,
      expires_in: 7200,
      refresh_token_expires_in: 604_800,
      token_type: "Bearer",
      scope: "x",
    };
  }
}
