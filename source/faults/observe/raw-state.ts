import { z } from 'zod';

const readingResult = z.object({ code: z.int().nullable(), output: z.string(), ms: z.number() });

/** What the look from inside a target prints. */
export const rawSight = z.object({
  /** `net:[4026532258]` */
  network: z.string(),
  /** Untouched output of each source by its name; null where it could not be read. */
  raw: z.record(z.string(), z.string().nullable()),
  readings: z.record(z.string(), readingResult),
});

export type RawSight = z.infer<typeof rawSight>;
export type RawState = RawSight['raw'];
