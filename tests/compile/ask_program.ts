import { Client } from "@modelcontextprotocol/sdk/client";
// @ts-types="@modelcontextprotocol/sdk/client/stdio"
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
// @ts-types="@modelcontextprotocol/sdk/client/streamableHttp"
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { type Program, programCommand, type ToolAnswers } from "./program_run.ts";

// Connects the official client to the program and prints its answers: `ask_program.ts stdio|http PROGRAM_AS_JSON ARGS`.
const [door, json = "{}", ...given] = Deno.args;
const program = JSON.parse(json) as Program;
const answers = door === "stdio" ? await askOverStdio(program) : await askOverHttp(program);
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(answers)));

/** What the program, started with `--stdio` by an MCP client, answers. */
async function askOverStdio(program: Program): Promise<ToolAnswers> {
  const env = { ...program.env };
  // The client adds HOME, PATH and a few more of its own process, which `env -i` takes away again.
  const bare = ["-i", ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
  const transport = new StdioClientTransport({
    command: "/usr/bin/env",
    args: [...bare, program.command, ...program.args, "--stdio", ...given],
    cwd: program.cwd,
    stderr: "ignore",
  });
  return await ask(transport);
}

/** What the program, started as an HTTP server with its own sandbox, answers; the server is stopped by SIGTERM after. */
async function askOverHttp(program: Program): Promise<ToolAnswers> {
  const child = programCommand(program, [...given, "--port", "0"]).spawn();
  const stdout = child.stdout.cancel();
  const { promise: listening, resolve, reject } = Promise.withResolvers<string>();
  let text = "";
  const reading = (async (): Promise<void> => {
    for await (const chunk of child.stderr.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const url = /"url":"(http:\/\/[^"]+)"/.exec(text)?.[1];
      if (url !== undefined) resolve(url);
    }
    reject(new Error(`The program ended before it listened: ${text}`));
  })();
  try {
    const transport = new StreamableHTTPClientTransport(new URL(await listening));
    const answers = await ask(transport as Parameters<Client["connect"]>[0]);
    child.kill("SIGTERM");
    const { code } = await child.status;
    return { ...answers, code };
  } finally {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
    await Promise.all([child.status, reading, stdout]);
  }
}

async function ask(transport: Parameters<Client["connect"]>[0]): Promise<ToolAnswers> {
  const client = new Client({ name: "test", version: "0" });
  await client.connect(transport);
  try {
    const { tools } = await client.listTools();
    const app = await client.callTool({ name: "get_feishu_app_token", arguments: {} });
    const refresh = await client.callTool({
      name: "refresh_feishu_user_token",
      arguments: { refresh_token: "ur-never-issued-by-anybody" },
    });
    const token = (app.structuredContent as Record<string, unknown> | undefined)?.app_access_token;
    const report = refresh._meta?.["feishu-token/error"] as { readonly code?: unknown } | undefined;
    return {
      server: client.getServerVersion()?.version,
      tools: tools.map(({ name }) => name),
      hasAppToken: typeof token === "string" && token.startsWith("t-"),
      refreshError: report?.code,
    };
  } finally {
    await client.close();
  }
}
