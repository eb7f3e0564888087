import type { LabPart } from '../../source/labs/part.js';
import { causedByParts, peerSettings } from '../parts-cause.js';

const retrying = (name: string): LabPart => ({
  name,
  program: 'retrying-server',
  port: 8080,
  settings: (where) => peerSettings(where('ledger')),
  switches: [
    {
      id: 'retry-budget',
      title: 'orders: pauses with jitter, and a budget for tries',
      explains: 'tries again after growing pauses, and for no more than a tenth of its requests',
    },
  ],
});

/** A server that is slow once, for four seconds, and two callers of it that do not wait and try at once. */
export const causes = causedByParts({
  describe:
    'brings ledger, which can answer 25 requests a second and is slow once for 4 s, two orders, which wait for it for 0.5 s and try six times at once, and two checkouts, which ask orders eight times a second together',
  parts: [
    { name: 'ledger', program: 'queueing-server', port: 8080 },
    ...['orders-1', 'orders-2'].map(retrying),
    ...['1', '2'].map(
      (which): LabPart => ({
        name: `checkout-${which}`,
        program: 'callers',
        settings: (where) => ({ ...peerSettings(where(`orders-${which}`)), PART_PER_SECOND: '4' }),
      }),
    ),
  ],
});
