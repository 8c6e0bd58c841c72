import type { Phrase } from "../../errors/language.ts";
import { commandNamed, type Commands } from "./command.ts";
import { listed } from "../../errors/listed.ts";
import { didYouMean } from "./did_you_mean.ts";
import { shownWord } from "./shown_word.ts";

/** The words of a command line. */
export interface Words {
  /** First word. */
  readonly command: string | undefined;
  /** Words behind it. */
  readonly rest: readonly string[];
  /** Whether help is asked for: then the command need not be complete. */
  readonly help: boolean;
  /** What stands behind `--`, for a command that takes that. */
  readonly program?: readonly string[] | undefined;
}

/** What is wrong with the command and with the words behind it. */
export function wordProblems({ command, rest, help, program = [] }: Words, commands: Commands): Phrase[] {
  if (command === undefined) return [];
  if (command === "help") {
    const [topic, ...more] = rest;
    return wordProblems({ command: topic === "help" ? undefined : topic, rest: more, help }, commands);
  }
  const known = commandNamed(command, commands);
  if (known === undefined) {
    const [name, hint] = [shownWord(command), didYouMean(command, Object.keys(commands))];
    return [
      { en: `Unknown command ${name.en}: ${hint.en}`, zh: `未知命令 ${name.zh}：${hint.zh}` },
      ...further(rest),
    ];
  }
  const { words, isWordOptional, noFurtherWord, takesProgram, names = {} } = known;
  if (takesProgram) {
    if (rest.length === 0 && (help || program.length > 0)) return [];
    return [{
      en: `${command} takes the program to run behind --: ${command} -- PROGRAM ARGUMENTS`,
      zh: `${command} 要运行的程序须写在 -- 之后：${command} -- 程序 参数`,
    }];
  }
  if (words === undefined) return further(rest);
  const [word, ...more] = rest;
  const choice: Phrase = { en: listed(words, ", ", " or "), zh: listed(words, "、", " 或 ") };
  if (word === undefined && (help || isWordOptional)) return [];
  if (word === undefined) {
    return [{
      en: `${command} must be followed by ${choice.en}`,
      zh: `${command} 后面须写 ${choice.zh}`,
    }];
  }
  if (!words.includes(word)) {
    const given = shownWord(word);
    return [because(noFurtherWord, {
      en: `${command} takes ${choice.en}, not ${given.en}`,
      zh: `${command} 后面只能是 ${choice.zh}，不能是 ${given.zh}`,
    })];
  }
  const count = Object.hasOwn(names, word) ? names[word] : undefined;
  if (count !== undefined && !help && more.length < count.least) {
    const { shown } = count;
    return [{
      en: `${command} ${word} must be followed by ${shown.en}`,
      zh: `${command} ${word} 后面须写${shown.zh}`,
    }];
  }
  if (more.length <= (count?.most ?? 0)) return [];
  return [because(noFurtherWord, {
    en: `${command} ${word} takes no further word`,
    zh: `${command} ${word} 后面不能再有其他内容`,
  })];
}

function because(reason: Phrase | undefined, { en, zh }: Phrase): Phrase {
  return reason === undefined ? { en, zh } : { en: `${en}: ${reason.en}`, zh: `${zh}：${reason.zh}` };
}

function further([second]: readonly string[]): Phrase[] {
  if (second === undefined) return [];
  const word = shownWord(second);
  return [{
    en: `Unexpected word ${word.en}: give at most one command`,
    zh: `多余的内容 ${word.zh}：最多只能给出一个命令`,
  }];
}
