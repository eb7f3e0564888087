import type { ContainerRecord } from './container-record.js';
import type { DockerContainer } from './docker-container.js';
import { qualifyGroups } from './groups.js';
import { isOwnTool } from './own-tools.js';

/** What the list of containers is made of. */
export interface Known {
  readonly records: Iterable<Pick<ContainerRecord, 'listed' | 'snapshot'>>;
  /** Why the output of a container cannot be read; null when it can. */
  readonly outputTrouble: (id: string) => string | null;
  /** The daemon is there: what was last seen of a container is so. */
  readonly current: boolean;
}

/**
 * The containers as a session shows them: by name, without those of our own that look or keep a fault. Asked for many
 * times a second: it is the same list until something that it is made of changes.
 */
export class ShownContainers {
  #last: { readonly from: readonly unknown[]; readonly list: readonly DockerContainer[] } | undefined;

  list({ records, outputTrouble, current }: Known): readonly DockerContainer[] {
    const all = [...records].map((record) => {
      return { container: record.snapshot(), trouble: outputTrouble(record.listed.id) };
    });
    const from = [current, ...all.flatMap(({ container, trouble }) => [container, trouble])];
    const last = this.#last;
    if (last?.from.length === from.length && from.every((item, i) => item === last.from[i])) return last.list;
    const shown = all
      .filter(({ container }) => !isOwnTool(container.labels))
      .map(
        ({ container, trouble }): DockerContainer => ({
          ...container,
          ...(current ? {} : { state: 'unknown' }),
          ...(trouble === null ? {} : { outputTrouble: trouble }),
        }),
      );
    const list = qualifyGroups(shown.sort((a, b) => (a.name < b.name ? -1 : 1)));
    this.#last = { from, list };
    return list;
  }
}
