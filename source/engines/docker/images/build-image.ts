import type Docker from 'dockerode';
import { buildProgress } from './build-progress.js';
import { hasImage } from './has-image.js';
import type { ImageOptions } from './image.js';
import { followImage } from './image-stream.js';
import type { Recipe } from './recipe.js';

/** Label of every image of ours; its value is the kind. */
export const IMAGE_LABEL = 'faultline.image';

/**
 * Builds a recipe on a base and gives the image its tag. Rejects with the failed step's own words, or with the
 * signal's reason; the containers that a build works in are gone however it ends.
 */
export async function buildImage(recipe: Recipe, base: string, options: ImageOptions): Promise<void> {
  const { docker, progress, signal } = options;
  const { kind, tag, context, files } = recipe;
  progress?.(`${kind} image: sending its recipe to Docker`, 0);
  try {
    const answer = await docker.buildImage({ context, src: [...files] }, {
      t: tag,
      buildargs: { BASE: base },
      labels: { [IMAGE_LABEL]: kind },
      rm: true,
      forcerm: true,
      ...(signal ? { abortSignal: signal } : {}),
    } as Docker.ImageBuildOptions);
    await followImage(answer, progress ? buildProgress(kind, progress) : undefined);
  } catch (error) {
    // What a library says of an end that was asked for is not why.
    signal?.throwIfAborted();
    throw new Error(`the ${kind} image could not be made: ${(error as Error).message}`, { cause: error });
  }
  if (!(await hasImage(docker, tag)))
    throw new Error(`Docker ended the build of ${tag} without a word and without an image`);
}
