/** The database has tables, and none of them is Deno's: it is another program's. */
export class ForeignDatabase extends Error {
  /** The name of one table, on one line and cut to what a message has room for. */
  readonly table: string;

  /** `table` is the name of one table, as the database has it. */
  constructor(table: string) {
    super("The database has tables, and none of them is Deno's");
    this.name = "ForeignDatabase";
    this.table = table.replace(/[\p{C}\p{Z}]+/gu, " ").slice(0, SHOWN_LENGTH);
  }
}

const SHOWN_LENGTH = 40;
