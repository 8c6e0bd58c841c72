import { errorClass } from "../../errors/error_class.ts";
import type { Language, Phrase } from "../../errors/language.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Log } from "../../ports/log.ts";
import { ipAddress } from "../../net/address_range.ts";
import { isLoopbackHost } from "../../net/is_loopback_host.ts";
import { AcceptingServer } from "./accepting_server.ts";
import { type HttpHandler, Interruptible } from "./interruptible.ts";
import { lastAnswer } from "./last_answer.ts";
import { ListenError } from "./listen_error.ts";
import { shownName } from "../shown_name.ts";

/** For sending the last answers; a caller that does not read them must not keep the process alive. */
const LAST_ANSWERS_MS = 1000;

/** The address that a server is really bound to: `DENO_SERVE_ADDRESS` overrides the one asked for. */
export interface BoundAddress {
  /** For a browser on this machine, for instance `http://127.0.0.1:8081`. */
  readonly url: string;
  /** The address bound. */
  readonly hostname: string;
  /** The port bound; never 0. */
  readonly port: number;
  /** Whether only this machine can reach it. */
  readonly isLoopback: boolean;
}

/** A server that listens. */
export interface Listening extends BoundAddress {
  /**
   * Stops accepting connections and lets the requests in progress finish; those that have not after `deadlineMs`
   * milliseconds are answered with 503. Resolves when the last connection is closed, and at the latest one second after
   * the last answer.
   */
  shutdown(deadlineMs: number): Promise<void>;
}

/** What {@linkcode listen} needs. */
export interface ListenOptions {
  /** A name or address of this machine. */
  readonly hostname: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Answers every request. Must not reject. */
  readonly handler: HttpHandler;
  /** Times the shutdown. */
  readonly clock: Clock;
  /** Gets failures of the server itself. */
  readonly log: Log;
  /** For answers that the handler did not make. */
  readonly newRequestId: () => string;
  /** Of those answers; English by default. */
  readonly language?: Language;
  /** Called before the first request can arrive. By throwing, it refuses the address. */
  readonly onBound?: (address: BoundAddress) => void;
}

/**
 * Starts an HTTP server.
 *
 * @throws ListenError when the address is taken, does not exist here, or may not be used.
 */
export async function listen(options: ListenOptions): Promise<Listening> {
  const { hostname, port, handler, clock, log, onBound, newRequestId, language = "en" } = options;
  const interruptible = new Interruptible(handler);
  const bound = Promise.withResolvers<BoundAddress>();
  const handle: HttpHandler = (request, info) => interruptible.handle(request, info);
  const onError = (error: unknown): Response => {
    const requestId = newRequestId();
    log.error("http handler failed", { request_id: requestId, error: errorClass(error) });
    return lastAnswer(undefined, { status: 500, requestId, language });
  };
  const first = serve({
    hostname,
    port,
    onListen(address: Deno.NetAddr): void {
      try {
        const described = describe(address, port);
        onBound?.(described);
        bound.resolve(described);
      } catch (error) {
        bound.reject(error);
      }
    },
    onError,
  }, handle);

  let address: BoundAddress;
  try {
    address = await bound.promise;
  } catch (error) {
    await first.shutdown();
    throw error;
  }
  const again = { hostname: address.hostname, port: address.port, onListen(): void {}, onError };
  const server = new AcceptingServer(first, { clock, log, listenAgain: () => Deno.serve(again, handle) });
  return { ...address, shutdown };

  async function shutdown(deadlineMs: number): Promise<void> {
    const closed = server.shutdown();
    if (!await isWithin(interruptible.idle(), deadlineMs)) {
      log.warn("http shutdown forced", { deadline_ms: deadlineMs, unanswered: interruptible.inFlight });
      // Instead of the abort signal of Deno.serve: aborted after shutdown(), that throws where nothing can catch it,
      // and closes no connection (Deno 2.9.6).
      interruptible.interrupt(unanswered);
    }
    // Every request is answered. Where a connection is still open, its caller does not read the answer.
    await isWithin(closed, LAST_ANSWERS_MS);
  }

  function unanswered(request: Request): Response {
    const requestId = newRequestId();
    log.debug("http request not answered before the end", { request_id: requestId });
    return lastAnswer(request, { status: 503, requestId, language });
  }

  async function isWithin(done: Promise<void>, limitMs: number): Promise<boolean> {
    const over = new AbortController();
    const outOfTime = clock.sleep(limitMs, over.signal).then(() => false, () => false);
    try {
      return await Promise.race([done.then(() => true), outOfTime]);
    } finally {
      over.abort();
    }
  }
}

type ServeOptions = Deno.ServeTcpOptions & { readonly hostname: string; readonly port: number };

function serve(options: ServeOptions, handler: HttpHandler): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve(options, handler);
  } catch (error) {
    throw cannotListen(options, error);
  }
}

function cannotListen({ hostname, port }: ServeOptions, cause: unknown): ListenError {
  const { why, nextStep } = reasonOf(cause);
  // shownName(), since the setting may hold a secret by mistake.
  const host = ipAddress(hostname) ?? shownName(hostname);
  return new ListenError(port, {
    en: `Cannot listen on ${host}:${port}: ${why.en}`,
    zh: `无法监听 ${host}:${port}：${why.zh}`,
  }, { nextStep, cause });
}

function reasonOf(error: unknown): { readonly why: Phrase; readonly nextStep: Phrase } {
  const { AddrInUse, AddrNotAvailable, PermissionDenied, NotCapable } = Deno.errors;
  if (error instanceof AddrInUse) {
    return {
      why: { en: "the port is in use", zh: "端口已被占用" },
      nextStep: {
        en: "choose another with --port, or any free one with --port 0",
        zh: "请用 --port 换一个端口，或用 --port 0 自动选择空闲端口",
      },
    };
  }
  if (error instanceof AddrNotAvailable) {
    return {
      why: { en: "this machine has no such address", zh: "本机没有该地址" },
      nextStep: {
        en: "choose another with --host, or keep it and check --port",
        zh: "请用 --host 换一个地址，或保留地址并检查 --port",
      },
    };
  }
  if (error instanceof PermissionDenied) {
    return {
      why: { en: "the system does not permit it", zh: "系统不允许" },
      nextStep: { en: "choose a port above 1023 with --port", zh: "请用 --port 选择大于 1023 的端口" },
    };
  }
  if (error instanceof NotCapable) {
    return {
      why: { en: "Deno was not given net access to it", zh: "没有授予 Deno 访问它的网络权限" },
      nextStep: {
        en: "allow it with --allow-net, or choose another with --port",
        zh: "请用 --allow-net 授权，或用 --port 换一个端口",
      },
    };
  }
  return {
    why: { en: "the host name or the port is not usable", zh: "主机名或端口不可用" },
    nextStep: { en: "check --host and --port", zh: "请检查 --host 和 --port" },
  };
}

function describe(address: Deno.NetAddr, askedPort: number): BoundAddress {
  if (address.transport !== "tcp") {
    throw new ListenError(askedPort, {
      en: "Cannot listen: DENO_SERVE_ADDRESS is not a TCP address",
      zh: "无法监听：DENO_SERVE_ADDRESS 指定的不是 TCP 地址",
    }, { nextStep: { en: "unset it and use --port", zh: "请取消该变量并使用 --port" } });
  }
  const { hostname, port } = address;
  const isWildcard = hostname === "0.0.0.0" || hostname === "::";
  const name = isWildcard ? "localhost" : hostname.includes(":") ? `[${hostname}]` : hostname;
  return { url: `http://${name}:${port}`, hostname, port, isLoopback: isLoopbackHost(hostname) };
}
