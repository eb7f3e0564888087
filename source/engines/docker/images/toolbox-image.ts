import { fileURLToPath } from 'node:url';
import { type Recipe, recipeOf } from './recipe.js';

const CONTEXT = fileURLToPath(new URL('./toolbox', import.meta.url));

/** The image that reads and changes network namespaces: iproute2, nftables, iptables, conntrack-tools, python3. */
export function toolboxRecipe(): Recipe {
  return recipeOf('toolbox', CONTEXT);
}
