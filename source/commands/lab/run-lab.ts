import { DockerEngine } from '../../engines/docker/docker-engine.js';
import { troubleText } from '../../engines/docker/endpoint/endpoint.js';
import { listImages, type OwnImage, removeImages } from '../../engines/docker/images/own-images.js';
import { type FoundLab, findLabs, removeLabs } from '../../labs/docker/remove.js';
import { suggestion } from '../arguments/nearest.js';
import { UsageError } from '../arguments/usage-error.js';

export interface LabReport {
  readonly did: 'status' | 'down';
  readonly labs: readonly FoundLab[];
  readonly images: readonly OwnImage[];
  /** What `down` could not remove, one line each. */
  readonly left: readonly string[];
}

const WORDS = ['status', 'down'] as const;

/** Lists or removes what labs have left on the daemon. Throws UsageError for another word. */
export async function runLab(
  word: string,
  { images }: { readonly images: boolean },
): Promise<LabReport | { readonly trouble: string }> {
  const did = WORDS.find((one) => one === word);
  if (did === undefined)
    throw new UsageError(`faultline lab knows status and down, not ${word}${suggestion(word, WORDS)}`);
  const engine = new DockerEngine();
  try {
    const verdict = await engine.settled();
    const { docker } = engine;
    if (verdict.state === 'unavailable') return { trouble: troubleText(verdict.trouble) };
    if (docker === null) return { trouble: 'Docker was lost as soon as it answered' };
    const labs = await findLabs(docker);
    if (did === 'status') return { did, labs, images: await listImages(docker), left: [] };
    const removed = await removeLabs(docker, labs);
    const left = removed.flatMap((one) => one.left.map((what) => `lab ${one.lab.id}: ${what}`));
    if (!images) return { did, labs, images: [], left };
    const gone = await removeImages(docker);
    return { did, labs, images: gone.removed, left: [...left, ...gone.left] };
  } finally {
    await engine.close();
  }
}
