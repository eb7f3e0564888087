import type Docker from 'dockerode';
import { ensureBase } from './base/base-image.js';
import { buildImage } from './build-image.js';
import { hasImage } from './has-image.js';
import type { ImageOptions } from './image.js';
import type { Recipe } from './recipe.js';

/** Builds under way in this process, by daemon and tag: who asks meanwhile waits for the same one. */
const underWay = new WeakMap<Docker, Map<string, Promise<string>>>();

/**
 * The tag of an image that is there, built now when it is not, after the one that it stands on (about a minute for the
 * toolbox). It is built again when what it is made of has changed, and never otherwise. Rejects with the failed step's own words,
 * or with why there is no base to build on. A caller that joins a build ends with that build's signal.
 */
export async function ensureImage(recipe: Recipe, options: ImageOptions): Promise<string> {
  const builds = underWay.get(options.docker) ?? new Map<string, Promise<string>>();
  underWay.set(options.docker, builds);
  const known = builds.get(recipe.tag);
  if (known) return known;
  const build = ensure(recipe, options).finally(() => builds.delete(recipe.tag));
  builds.set(recipe.tag, build);
  return build;
}

async function ensure(recipe: Recipe, options: ImageOptions): Promise<string> {
  if (await hasImage(options.docker, recipe.tag)) return recipe.tag;
  const base = await (recipe.standsOn ? ensureImage(recipe.standsOn, options) : ensureBase(options));
  await buildImage(recipe, base, options);
  return recipe.tag;
}
