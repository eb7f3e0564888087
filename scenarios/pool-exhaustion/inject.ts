import { causedByParts, peerSettings } from '../parts-cause.js';

/** Callers of a service whose pool of three is too small for what it asks: each answer takes a second. */
export const causes = causedByParts({
  describe:
    'brings ledger, which takes a second for each answer, orders, which asks it over three connections, and checkout, which asks orders ten times a second',
  parts: [
    { name: 'ledger', program: 'slow-server', port: 8080, settings: () => ({ PART_ANSWER_MS: '1000' }) },
    {
      name: 'orders',
      program: 'pooled-server',
      port: 8080,
      settings: (where) => ({ ...peerSettings(where('ledger')), PART_POOL: '3' }),
      switches: [
        {
          id: 'larger-pool',
          title: 'orders: a pool of 40 connections',
          explains: 'ten requests a second of a second each keep ten connections busy: nobody waits for one',
        },
      ],
    },
    {
      name: 'checkout',
      program: 'callers',
      settings: (where) => ({ ...peerSettings(where('orders')), PART_PER_SECOND: '10' }),
    },
  ],
});
