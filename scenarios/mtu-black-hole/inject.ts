import { causedByParts } from '../parts-cause.js';
import { routedPart, routerPart } from '../routed-parts.js';

/** A client that asks a server behind a router for short and long answers by turns. */
const { docker } = causedByParts({
  describe:
    'brings archive, a server of short and long answers, router, which takes packets of 1300 bytes and tells nobody, and reports, which asks archive by way of it',
  parts: [
    { name: 'archive', program: 'long-answers', port: 8080 },
    routerPart({ PART_MTU: '1300' }, [
      {
        id: 'clamp-mss',
        title: 'router: clamp the segment size to the way',
        explains: 'both ends of each new connection are told to send segments that fit into 1300 bytes',
      },
    ]),
    routedPart('reports', 'routed-client', 'archive'),
  ],
});

/** Plain processes share the loopback, which takes packets of 64 KiB: it needs networks of their own with a router between. */
export const causes = { docker };
