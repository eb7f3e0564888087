import type Docker from 'dockerode';
import { reasonOf } from '../link/deadline.js';
import { IMAGE_LABEL } from './build-image.js';

/** An image that was made here. */
export interface OwnImage {
  readonly id: string;
  /** `faultline/lab:0123456789ab`, or its short id when another image has taken its name. */
  readonly name: string;
  /** Its size, layers that it shares with others included. */
  readonly megabytes: number;
}

/** Every image of ours: base, toolbox and lab, of this recipe and of earlier ones. */
export async function listImages(docker: Docker): Promise<readonly OwnImage[]> {
  const found = await docker.listImages({ filters: { label: [IMAGE_LABEL] } });
  return found
    .map(({ Id, RepoTags, Size }) => ({
      id: Id,
      name: RepoTags?.[0] ?? Id.replace('sha256:', '').slice(0, 12),
      megabytes: Math.round(Size / 1e6),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Removes them, those that stand on another before it. One that a container uses is left, and says so. */
export async function removeImages(
  docker: Docker,
): Promise<{ readonly removed: readonly OwnImage[]; readonly left: readonly string[] }> {
  const removed: OwnImage[] = [];
  let left: { readonly image: OwnImage; readonly why: string }[] = [];
  let waiting = await listImages(docker);
  // An image is in use by those that were made from it: they go first, and then it can go, too.
  for (let before = -1; waiting.length > 0 && before !== waiting.length; ) {
    before = waiting.length;
    left = [];
    for (const image of waiting) {
      try {
        await docker.getImage(image.name).remove();
        removed.push(image);
      } catch (error) {
        left.push({ image, why: reasonOf(error) });
      }
    }
    waiting = left.map(({ image }) => image);
  }
  return { removed, left: left.map(({ image, why }) => `image ${image.name}: ${why}`) };
}
