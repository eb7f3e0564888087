import { z } from 'zod';

/**
 * Parts of a daemon's answer as schemas that refuse nothing: what has another kind than it should is left out, what is
 * not named passes as it is. A daemon that is broken, or none, then costs one figure and not a list.
 */
export const text = z.string().optional().catch(undefined);
export const count = z.number().optional().catch(undefined);
export const flag = z.boolean().optional().catch(undefined);

/** An object with these parts; empty where it is something else. */
export const parts = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => {
  const schema = z.looseObject(shape);
  return schema.catch(() => schema.parse({}));
};

/** The same where its absence tells something: null for what is no object. */
export const partsOrNull = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.looseObject(shape).nullable().catch(null);

/** A list without the entries that have another kind; empty where it is none. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item.nullable().catch(null))
    .catch([])
    .transform((all) => all.filter((one) => one !== null && one !== undefined));

/** Values by name; null where a value has another kind, and nothing where it is no such map. */
export const byName = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string(), value.nullable().catch(null)).catch({});

/** Texts by name, without the entries that are none. */
export const textByName = byName(z.string()).transform((all) =>
  Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null)),
);
