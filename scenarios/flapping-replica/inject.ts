import type { LabPart } from '../../source/labs/part.js';
import { causedByParts } from '../parts-cause.js';

const REPLICAS = ['catalog-1', 'catalog-2', 'catalog-3'] as const;

/** One of three replicas leaks: its worker ends after two seconds or three, and is away for two. */
const replica = (name: string): LabPart => {
  const flaps = name === REPLICAS[0];
  return {
    name,
    program: 'flapping-server',
    port: 8091,
    settings: () => ({ PART_LEAK_MIB: flaps ? '12' : '0' }),
    ...(flaps && {
      switches: [
        {
          id: 'no-leak',
          title: `${name}: keep nothing`,
          explains: 'its worker lets go of what it has served',
        },
      ],
    }),
  };
};

export const causes = causedByParts({
  describe:
    'brings three replicas of catalog, of which the worker of one ends again and again for its leak, and shop, which asks them in turn',
  parts: [
    ...REPLICAS.map(replica),
    {
      name: 'shop',
      program: 'balancing-client',
      settings: (where) => ({
        PART_PEERS: REPLICAS.map((name) => `${where(name).host}:${where(name).port}`).join(','),
      }),
    },
  ],
});
