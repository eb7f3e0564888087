import { fileURLToPath } from 'node:url';
import { type Recipe, recipeOf } from '../../engines/docker/images/recipe.js';
import { toolboxRecipe } from '../../engines/docker/images/toolbox-image.js';

const CONTEXT = fileURLToPath(new URL('./lab', import.meta.url));

/** The image of the lab's containers: the toolbox, and the application with what stands around it. */
export function labRecipe(): Recipe {
  return recipeOf('lab', CONTEXT, toolboxRecipe());
}
