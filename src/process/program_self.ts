/** How this program was started, as far as something else needs it to start it again. */
export interface ProgramSelf {
  /** Path of the executable: Deno, or the binary. */
  readonly execPath: string;
  /** URL of the main module. */
  readonly mainModule: string;
  /** Whether the executable is the program itself, compiled. */
  readonly isBinary: boolean;
  /** The working directory, from which relative paths count. */
  readonly cwd: string;
}

/** This very process. Each field is read when it is asked for: Deno wants the permission to read files for some. */
export function thisProgram(): ProgramSelf {
  return {
    get execPath(): string {
      return Deno.execPath();
    },
    get mainModule(): string {
      return Deno.mainModule;
    },
    isBinary: Deno.build.standalone,
    get cwd(): string {
      return Deno.cwd();
    },
  };
}
