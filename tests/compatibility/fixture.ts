import { z } from "zod";

const PairSchema = z.object({ accessToken: z.string(), refreshToken: z.string() });

const FixtureSchema = z.object({
  /** Unix milliseconds by the clock of the processes that wrote the store. */
  writtenAtMs: z.number(),
  appToken: z.string(),
  /** The refresh tokens presented one after the other, and the pair that the last one brought. */
  chain: PairSchema.extend({ presented: z.array(z.string()) }),
  /** A refresh token whose successor was lost on the way. */
  outcomeUnknown: z.string(),
  /** A refresh token that somebody else has spent. */
  needsLogin: z.string(),
  /** The refresh tokens of two pairs of one kept login. */
  grant: z.object({ stored: z.string(), spare: z.string() }),
  /** A refresh token whose pair is in the journal alone. */
  journaled: PairSchema.extend({ presented: z.string() }),
});

/** What the stores written by earlier versions hold, in the clear. Every secret is made up. */
export type Fixture = z.infer<typeof FixtureSchema>;

/** Reads what the store in `folder` holds. */
export async function readFixture(folder: URL): Promise<Fixture> {
  return FixtureSchema.parse(JSON.parse(await Deno.readTextFile(new URL("fixture.json", folder))));
}
