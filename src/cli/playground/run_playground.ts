import { fileURLToPath } from "node:url";
import type { Platform } from "../../platform.ts";
import { type ConfigSources, readLanguage } from "../../config.ts";
import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";
import { StartError } from "../../errors/start_error.ts";
import { isFromSources } from "../../process/is_from_sources.ts";
import { type ChildProgram, startChildProgram } from "./child_program.ts";
import { playgroundServerArgs } from "./playground_server_args.ts";

/** The Inspector's own default. */
const DEFAULT_PLAYGROUND_PORT = 6274;
const PLAYGROUND_START_DEADLINE_MS = 30_000;
/** At its first start the Inspector's packages, over 100 MB, are downloaded. */
const INSPECTOR_DEADLINE_MS = 600_000;
const TOKEN_BYTES = 16;

/** Name under which the Inspector looks up the server of a link that connects by itself. */
const LINKED_SERVER = "deep-link";

/** Pins the Inspector. Not in the server's own configuration: every server would then download it. */
const TOOLS_CONFIG = new URL("../../../tools/deno.json", import.meta.url);

const STARTING: Phrase = {
  en: "Starting a server and MCP Inspector, which is downloaded the first time",
  zh: "正在启动服务和 MCP Inspector，首次运行需要下载",
};

/** Options of {@linkcode runPlayground}. */
export interface PlaygroundOptions {
  /** Of the page, as given on the command line. */
  readonly port: string | undefined;
  /** Of the settings; the server reads the same env files. */
  readonly sources: ConfigSources;
  /** Of the env files. */
  readonly problems: readonly Phrase[];
}

/**
 * Runs a server and MCP Inspector's page for it. The server uses the real Feishu where the environment or an env file
 * has app credentials, else a sandbox. A signal, or the end of either program, ends both.
 *
 * @returns the exit code.
 * @throws StartError where they cannot start.
 */
export async function runPlayground(platform: Platform, options: PlaygroundOptions): Promise<number> {
  const { port, sources, problems } = options;
  const language = readLanguage(sources);
  if (!isFromSources()) {
    throw new StartError({
      en: "The playground needs Deno and the sources",
      zh: "playground 需要 Deno 和源代码",
    }, {
      nextStep: { en: "run `deno task playground` there", zh: "请在源代码目录运行 `deno task playground`" },
    });
  }
  if (problems.length > 0) throw new StartError(joinPhrases(problems));
  const pagePort = readPort(port);
  const args = playgroundServerArgs(sources, language);
  const stopping = new AbortController();
  const end = platform.onSignal(() => stopping.abort(new Error("Stopped by a signal")));
  const folder = await Deno.makeTempDir({ prefix: "feishu-token-playground-" });
  const running: ChildProgram[] = [];
  try {
    const { signal } = stopping;
    platform.stderr.write(`${STARTING[language]}\n`);
    const server = await startServer({ platform, args, pagePort, signal });
    running.push(server);
    const endpoint = found(/"url":"(http:\/\/[^"]+)"/, server);
    const token = platform.random.bytes(TOKEN_BYTES).toHex();
    running.push(await startInspector({ platform, folder, endpoint, token, port: pagePort, signal }));
    const query = new URLSearchParams({ serverUrl: endpoint, transport: "http", autoConnect: token });
    platform.stdout.write(`${openHint(`http://127.0.0.1:${pagePort}/?${query}`)[language]}\n`);
    if (args.includes("--sandbox")) {
      platform.stdout.write(`${loginHint(found(/sandbox (http:\S+)/, server))[language]}\n`);
    }
    await Promise.race([...running.map(({ ended }) => ended), aborted(signal)]);
    return signal.aborted ? 0 : 1;
  } catch (error) {
    if (error === stopping.signal.reason) return 0;
    throw error;
  } finally {
    await Promise.all(running.map((program) => program.end()));
    await Deno.remove(folder, { recursive: true });
    // Last: without the handler a second signal would end this program and leave the others running.
    end();
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

interface ServerOptions {
  readonly platform: Platform;
  /** Of the server. */
  readonly args: readonly string[];
  /** Port of the page, whose origin may read answers. */
  readonly pagePort: number;
  readonly signal: AbortSignal;
}

function startServer({ platform, args, pagePort, signal }: ServerOptions): Promise<ChildProgram> {
  return startChildProgram({
    name: { en: "The server", zh: "服务" },
    args: ["run", "--quiet", "--no-prompt", "-P=serve", Deno.mainModule, ...args],
    env: {
      FEISHU_TOKEN_ALLOWED_ORIGINS: `http://127.0.0.1:${pagePort},http://localhost:${pagePort}`,
      // The link to the page carries no key.
      FEISHU_TOKEN_CALLER_KEYS: "",
      FEISHU_TOKEN_CALLER_KEYS_FILE: "",
    },
    ready: /"url":"http/,
    deadlineMs: PLAYGROUND_START_DEADLINE_MS,
    clock: platform.clock,
    signal,
  });
}

interface InspectorOptions {
  readonly platform: Platform;
  /** For its configuration and its data. */
  readonly folder: string;
  /** MCP endpoint of the server. */
  readonly endpoint: string;
  /** The page connects only by links that carry it. */
  readonly token: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

async function startInspector(options: InspectorOptions): Promise<ChildProgram> {
  const { platform, folder, endpoint, token, port, signal } = options;
  const servers = { mcpServers: { [LINKED_SERVER]: { type: "streamable-http", url: endpoint } } };
  await Deno.writeTextFile(`${folder}/servers.json`, JSON.stringify(servers));
  return await startChildProgram({
    name: {
      en: `MCP Inspector on port ${port} (--port takes another)`,
      zh: `端口 ${port} 上的 MCP Inspector（可用 --port 换一个端口）`,
    },
    args: [
      ...[
        "run",
        "--quiet",
        "--no-prompt",
        "--frozen",
        "--config",
        fileURLToPath(TOOLS_CONFIG),
        "-P=inspector",
      ],
      ...["@modelcontextprotocol/inspector", "--web", "--config", `${folder}/servers.json`],
    ],
    env: {
      CLIENT_PORT: String(port),
      HOST: "127.0.0.1",
      MCP_APP_ORIGIN_PORT: "0",
      MCP_AUTO_OPEN_ENABLED: "false",
      MCP_INSPECTOR_API_TOKEN: token,
      MCP_INSPECTOR_SECRET_STORE: "memory",
      MCP_SANDBOX_PORT: "0",
      MCP_STORAGE_DIR: folder,
    },
    ready: /Inspector Web is up and running/,
    deadlineMs: INSPECTOR_DEADLINE_MS,
    clock: platform.clock,
    signal,
  });
}

function readPort(port: string | undefined): number {
  if (port === undefined) return DEFAULT_PLAYGROUND_PORT;
  const isUsable = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  if (!isUsable) {
    throw new StartError({
      en: "--port must be a port from 1 to 65535: the Inspector takes no other",
      zh: "--port 必须是 1 到 65535 之间的端口：Inspector 不接受其他值",
    });
  }
  return Number(port);
}

function openHint(url: string): Phrase {
  return { en: `Open ${url} (Ctrl+C ends it)`, zh: `请在浏览器中打开 ${url} （按 Ctrl+C 结束）` };
}

function loginHint(sandboxUrl: string): Phrase {
  const command = `curl -d '{"generation": "v2"}' ${sandboxUrl}/_sandbox/logins`;
  return { en: `A refresh token to try: ${command}`, zh: `获取一个供试用的 refresh_token：${command}` };
}

function found(pattern: RegExp, program: ChildProgram): string {
  const text = pattern.exec(program.output())?.[1];
  if (text === undefined) {
    throw new StartError({
      en: "The server's output does not show its address",
      zh: "服务的输出中没有它的地址",
    });
  }
  return text;
}
