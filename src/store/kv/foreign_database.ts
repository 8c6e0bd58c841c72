/** The tables of a database are another program's. */
export class ForeignDatabase extends Error {
  /** Name of one of them, on one line and cut to what a message has room for. */
  readonly table: string;

  /** `table` is the name of one of them, as it is in the database. */
  constructor(table: string) {
    super("The database has tables, and none of them is Deno's");
    this.name = "ForeignDatabase";
    this.table = table.replace(/[\p{C}\p{Z}]+/gu, " ").slice(0, SHOWN_LENGTH);
  }
}

const SHOWN_LENGTH = 40;
