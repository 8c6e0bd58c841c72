import { type Config, type ConfigSources, readLanguage } from "../../config.ts";
import type { Platform } from "../../platform.ts";
import { SettingReader } from "../../setting_reader.ts";
import { setting, type SettingName } from "../../settings.ts";
import { resolvePlace, type StorePlace } from "../../store/files/store_place.ts";
import { UnsetVariable } from "../../store/files/unset_variable.ts";
import { storeFileOf } from "../target/feishu_target.ts";
import { absolutePath } from "./absolute_path.ts";
import { clientEnvironment } from "./client_environment.ts";

/** The settings as they are in this shell. */
export interface ShellSettings {
  /** The machine. */
  readonly platform: Platform;
  /** Of the settings. */
  readonly sources: ConfigSources;
  /** The same, read. */
  readonly config: Config;
}

/** Flags whose value is a file's path. */
const ENV_FILE_FLAGS = ["envFile", "envFileIfExists"] as const;
/** Flags that say which store it is. */
const STORE_FLAGS = ["kv", "sandboxState", "sandboxUrl"] as const;

/**
 * The flags with which a program that another one starts has the same settings: the same store although the variables of
 * this shell are missing, the same language, the same Feishu.
 */
export function carriedFlags(shell: ShellSettings): string[] {
  const { platform, sources } = shell;
  const read = new SettingReader(sources);
  const files = ENV_FILE_FLAGS.flatMap((name): string[] => {
    const path = sources.flags[name];
    return typeof path === "string" ? flag(name, absolutePath(path, platform)) : [];
  });
  return [
    ...carriedStoreFlags(shell),
    ...flagIfSet("app", shell.config.app),
    ...(usesApp(shell.config) ? flagIfSet("baseUrl", read.text("baseUrl")) : []),
    ...files,
    ...flagIfSet("language", neededLanguage(shell)),
    ...flagIfSet("logLevel", read.flag("logLevel")),
  ];
}

/** Those of them that say which store it is. Simulated logins and real ones are in stores of their own. */
export function carriedStoreFlags(shell: ShellSettings): string[] {
  return STORE_FLAGS.flatMap((name) => flagIfSet(name, storeValueOf(name, shell)));
}

/** The names of the flags that say which store it is, as they are typed. */
export function storeFlagNames(): string[] {
  return STORE_FLAGS.map((name) => `--${setting(name).flag}`);
}

function storeValueOf(name: (typeof STORE_FLAGS)[number], shell: ShellSettings): string | undefined {
  switch (name) {
    case "kv":
      return neededPlace(shell);
    case "sandboxState":
      return stateOf(shell);
    case "sandboxUrl":
      return new SettingReader(shell.sources).text("sandboxUrl");
  }
}

function stateOf({ platform, config: { sandbox } }: ShellSettings): string | undefined {
  return sandbox.kind === "kept" ? absolutePath(sandbox.path, platform) : undefined;
}

/** Whether Feishu is the real one, and not a sandbox. */
export function usesApp({ sandbox }: Pick<Config, "sandbox">): boolean {
  return sandbox.kind === "none";
}

/** Whether the app is that of the settings: neither a sandbox's nor a kept one that is named. */
export function usesOwnPair(config: Pick<Config, "sandbox" | "app">): boolean {
  return usesApp(config) && config.app === undefined;
}

/** The place of the store as the settings of this shell have it. */
export function placeNow({ platform, config }: ShellSettings): StorePlace {
  const { os, env } = platform;
  return resolvePlace({ kv: config.kv, fileName: storeFileOf(config.sandbox), os, env });
}

/** The place to name, if a program without the shell's variables would take another. */
function neededPlace(shell: ShellSettings): string | undefined {
  const { platform, config } = shell;
  const now = placeNow(shell);
  switch (now.kind) {
    case "memory":
      return ":memory:";
    case "remote":
      return now.url;
    case "platform":
      return undefined;
    case "file": {
      const path = absolutePath(now.path, platform);
      return path === defaultPath(platform, storeFileOf(config.sandbox)) ? undefined : path;
    }
  }
}

/** Where the store is without the shell's variables; `undefined` where that cannot be told. */
function defaultPath(platform: Platform, fileName: string): string | undefined {
  const inherited = clientEnvironment(platform);
  try {
    const place = resolvePlace({ kv: undefined, fileName, os: platform.os, env: (name) => inherited[name] });
    return place.kind === "file" ? place.path : undefined;
  } catch (error) {
    if (error instanceof UnsetVariable) return undefined;
    throw error;
  }
}

/** The language to name, if a program without the shell's variables would speak another. */
function neededLanguage({ platform, sources }: ShellSettings): string | undefined {
  const language = readLanguage(sources);
  const inherited = clientEnvironment(platform);
  const { language: _given, ...flags } = sources.flags;
  // Elsewhere than on Windows and macOS the locale comes out of variables, too.
  const locale = ["windows", "darwin"].includes(platform.os) ? sources.locale : undefined;
  const there = readLanguage({ ...sources, flags, locale, env: (name) => inherited[name] });
  return language === there ? undefined : language;
}

function flagIfSet(name: SettingName, value: string | undefined): string[] {
  return value === undefined ? [] : flag(name, value);
}

function flag(name: SettingName, value: string): string[] {
  return [`--${setting(name).flag}`, value];
}
