import type Docker from 'dockerode';

export interface ImageOptions {
  readonly docker: Docker;
  /** "toolbox image: installing iproute2 …" and its share, 0 to 1, or null when it cannot be told. */
  readonly progress?: (text: string, share: number | null) => void;
  readonly signal?: AbortSignal;
}
