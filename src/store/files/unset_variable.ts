import { StartError } from "../../errors/start_error.ts";

/** The variable that names the user's home or data directory is not set, or this process may not read it. */
export class UnsetVariable extends StartError {
  /** Its name, such as `HOME`. */
  readonly variable: string;

  /** Of the variable `name`. */
  constructor(name: string) {
    super({ en: `${name} is not set`, zh: `未设置 ${name}` }, {
      nextStep: {
        en: "name a place for the token store with --kv PATH",
        zh: "请用 --kv PATH 指定令牌存储的位置",
      },
    });
    this.variable = name;
  }
}
