import type { Mode } from './mode.js';

const ID = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Makes a mode of its definition. Throws, when the program starts, at what no test of its figures would find: an id
 * that cannot be typed, a pair whose halves are equal or stand the wrong way round for each other, a threshold without
 * a source, a weight that is no share.
 */
export function defineMode<Definition extends Mode>(definition: Definition): Definition {
  const { id, thresholds, forMs, keepMs, minSamples, base } = definition;
  const wrong = (why: string): never => {
    throw new Error(`mode ${id}: ${why}`);
  };
  if (!ID.test(id)) wrong('an id is lower-case words joined by hyphens');
  if (!(forMs >= 0 && keepMs >= 0)) wrong('forMs and keepMs are milliseconds');
  if (!(Number.isInteger(minSamples) && minSamples >= 1)) wrong('minSamples is a whole number from 1 up');
  if (!isShare(base)) wrong('base is a share, 0 to 1');
  if (definition.explains.includes(id)) wrong('it explains itself');
  for (const [name, one] of Object.entries(thresholds)) {
    if (one.source.trim() === '') wrong(`${name} has no source`);
    if ((one.raise === undefined) !== (one.clear === undefined)) wrong(`${name}: raise and clear are a pair`);
    if (one.raise !== undefined && one.raise === one.clear) wrong(`${name}: raise equals clear`);
    if (!isShare(one.weight ?? 0) || !isShare(one.against ?? 0)) wrong(`${name}: a weight is a share`);
  }
  return definition;
}

const isShare = (value: number): boolean => value >= 0 && value <= 1;
