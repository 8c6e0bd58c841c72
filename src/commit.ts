/** What a build replaces, in the files that it makes, by the commit that it is made from. */
const STAMP = "@@COMMIT@@";

/** The commit that this program was built from; `undefined` where it runs from the sources. */
export const COMMIT: string | undefined = /^[0-9a-f]{40}$/.test(STAMP) ? STAMP : undefined;
