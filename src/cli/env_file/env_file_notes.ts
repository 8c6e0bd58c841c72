import { joinPhrases } from "../../errors/join_phrases.ts";
import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import { setting, settingNames } from "../../settings.ts";
import { nearest } from "../command_line/nearest.ts";
import { silentLines } from "./silent_lines.ts";

/** Most lines, or names, that a note lists: a file of another kind has hundreds. */
const MOST_TOLD = 8;
/** Kubernetes sets these for a Service `feishu` or `feishu-token`: they are in the saved environment of a pod. */
const OF_A_SERVICE =
  /^FEISHU(?:_TOKEN)?_(?:SERVICE_(?:HOST|PORT(?:_\w+)?)|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;
const LINKED_ADDRESS = /^(?:tcp|udp|sctp):\/\//i;
/** Names in the samples of Feishu and Lark, by the variable here. */
const OF_SAMPLES: Readonly<Record<string, readonly string[]>> = {
  FEISHU_APP_ID: ["APP_ID", "LARK_APP_ID"],
  FEISHU_APP_SECRET: ["APP_SECRET", "LARK_APP_SECRET"],
};
/** Names that `--format env` prints: a file of them is no mistake. */
const OWN_OUTPUT = /^FEISHU_(?:APP|USER|TENANT)_ACCESS_TOKEN$|^FEISHU_REFRESH_TOKEN$/;

/**
 * Notes about the env file at `path`: the numbers, never the text, of lines that set nothing, and names that resemble a
 * setting's variable, each with that variable.
 */
export function envFileNotes(
  path: string,
  text: string,
  variables: Readonly<Record<string, string>>,
): Phrase[] {
  const lines = silentLines(text);
  const known = settingNames().flatMap((name) => setting(name).variable ?? []);
  const unknown = Object.keys(variables).flatMap((name) => unknownName(name, variables, known));
  return [
    ...(lines.length === 0 ? [] : [linesNote(path, lines)]),
    ...(unknown.length === 0 ? [] : [namesNote(path, unknown.slice(0, MOST_TOLD))]),
  ];
}

function linesNote(path: string, lines: readonly number[]): Phrase {
  const told = lines.slice(0, MOST_TOLD);
  const more = lines.length > MOST_TOLD;
  const one = lines.length === 1;
  return {
    en:
      `${path}: ${one ? "line" : "lines"} ${told.join(", ")}${more ? " and more" : ""} ${
        one ? "sets" : "set"
      } nothing: ` +
      "each line must be NAME=value, without set, $env: or a colon",
    zh: `${path}：第 ${told.join("、")}${more ? " 等" : ""} 行无法识别：每行应为 NAME=value，` +
      "不要写 set、$env: 或冒号",
  };
}

function unknownName(
  name: string,
  variables: Readonly<Record<string, string>>,
  known: readonly string[],
): Phrase[] {
  // A line of another form, which the note about lines lists.
  if (!/^[A-Za-z_][\w.-]*$/.test(name)) return [];
  if (known.includes(name) || OF_A_SERVICE.test(name) || OWN_OUTPUT.test(name)) return [];
  if (LINKED_ADDRESS.test(variables[name] ?? "")) return [];
  const near = meantBy(name, variables, known.filter((each) => each.startsWith("FEISHU_")));
  if (near === undefined && !/^FEISHU/i.test(name)) return [];
  // A name that is long or has digits may be part of a value.
  const shown = /^[A-Za-z_]{1,40}$/.test(name) ? verbatim(name) : { en: "(not shown)", zh: "（未显示）" };
  if (near === undefined) return [shown];
  return [{ en: `${shown.en} (did you mean ${near}?)`, zh: `${shown.zh}（是否想写 ${near}？）` }];
}

/**
 * The variable of `ours` that was most likely meant: the name in samples, the same letters, few of them wrong, or the
 * same without APP and TOKEN.
 */
function meantBy(
  name: string,
  variables: Readonly<Record<string, string>>,
  ours: readonly string[],
): string | undefined {
  const isSame = (form: (name: string) => string) => (each: string) => form(each) === form(name);
  return ours.find((each) => variables[each] === undefined && OF_SAMPLES[each]?.includes(name)) ??
    ours.find(isSame(letters)) ?? nearest(name.toUpperCase(), ours) ?? ours.find(isSame(core));
}

function letters(name: string): string {
  return name.toUpperCase().replace(/[^A-Z0-9]/g, "");
}

function core(name: string): string {
  return letters(name).replace(/APP|TOKEN/g, "");
}

function namesNote(path: string, unknown: readonly Phrase[]): Phrase {
  const all = joinPhrases(unknown);
  const one = unknown.length === 1;
  return {
    en: `${path}: no ${one ? "setting is" : "settings are"} called ${all.en}`,
    zh: `${path}：没有名为 ${all.zh} 的设置`,
  };
}
