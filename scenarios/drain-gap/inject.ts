import type { LabPart } from '../../source/labs/part.js';
import { causedByParts, peerSettings } from '../parts-cause.js';

const SERVERS = ['menu-1', 'menu-2', 'menu-3'] as const;

const server = (name: string, turn: number): LabPart => ({
  name,
  program: 'rolling-server',
  port: 8092,
  settings: () => ({ PART_TURN: String(turn) }),
  switches: [
    {
      id: 'pre-stop-gap',
      title: 'menu: serve on for a while after being told to end',
      explains: 'is not ready any more at once, and stops 6 s later, when nobody sends to it',
    },
  ],
});

/** Three servers that are replaced in turn, and a balancer that learns of it two checks later. */
export const causes = causedByParts({
  describe:
    'brings three servers of menu, which are replaced one after the other, and door, a balancer that looks every 2 s which of them are ready and leaves one out after two checks',
  parts: [
    ...SERVERS.map(server),
    {
      name: 'door',
      program: 'draining-balancer',
      port: 8093,
      settings: (where) => ({
        PART_PEERS: SERVERS.map((name) => `${where(name).host}:${where(name).port}`).join(','),
      }),
      target: ({ host, port }) => ({ name: 'GET menu', url: `http://${host}:${port}/` }),
    },
    {
      name: 'guests',
      program: 'callers',
      settings: (where) => ({ ...peerSettings(where('door')), PART_PER_SECOND: '12' }),
    },
  ],
});
