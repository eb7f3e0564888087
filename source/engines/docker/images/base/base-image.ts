import type Docker from 'dockerode';
import { hasImage } from '../has-image.js';
import type { ImageOptions } from '../image.js';
import { followImage } from '../image-stream.js';
import { debootstrapTar, importBase, MADE_BASE } from './debootstrap.js';
import { withScratch } from './scratch.js';

/** Debian's own image on Docker Hub. */
export const HUB_BASE = 'debian:bookworm-slim';
/** A registry that has not said a word for this long is not waited for. */
const SILENCE_MS = 10_000;

/**
 * The Debian that the images stand on: Docker Hub's where it is there or can be pulled, else the one that debootstrap
 * made here, else one that is made now. Rejects with why none of the three can be had, and what to do.
 */
export async function ensureBase({ docker, progress, signal }: ImageOptions): Promise<string> {
  if (await hasImage(docker, HUB_BASE)) return HUB_BASE;
  progress?.(`base image: pulling ${HUB_BASE}`, null);
  const pullTrouble = await pull(docker, signal).then(
    () => null,
    (error: Error) => error.message,
  );
  if (pullTrouble === null) return HUB_BASE;
  signal?.throwIfAborted();
  if (await hasImage(docker, MADE_BASE)) return MADE_BASE;
  try {
    await withScratch(async (folder) => {
      const tar = await debootstrapTar(folder, {
        ...(progress ? { progress: (text) => progress(`base image: ${text}`, null) } : {}),
        ...(signal ? { signal } : {}),
      });
      progress?.('base image: importing it', null);
      await importBase(docker, tar);
    });
    return MADE_BASE;
  } catch (error) {
    signal?.throwIfAborted();
    throw new Error(
      `no Debian to make images of: ${HUB_BASE} is not there and cannot be pulled (${pullTrouble}); ` +
        `${MADE_BASE} is not there; debootstrap cannot make it (${(error as Error).message}). ` +
        `Load one of the two from a machine that has it: docker save ${HUB_BASE} | ssh THIS-HOST docker load`,
    );
  }
}

async function pull(docker: Docker, signal: AbortSignal | undefined): Promise<void> {
  const silence = new AbortController();
  const giveUp = (): void => silence.abort(new Error(`the registry was silent for ${SILENCE_MS / 1000} s`));
  let timer = setTimeout(giveUp, SILENCE_MS);
  const abortSignal = signal ? AbortSignal.any([signal, silence.signal]) : silence.signal;
  try {
    const answer = await docker.pull(HUB_BASE, { abortSignal } as never);
    await followImage(answer, () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, SILENCE_MS);
    });
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}
