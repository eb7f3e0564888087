import { causedByParts, peerSettings } from '../parts-cause.js';

/** A server that closes idle connections after a second and stalls now and then, and a client that keeps them for longer. */
export const causes = causedByParts({
  describe:
    'brings prices, a server that closes idle connections after 1 s, and checkout, a client that uses its own again just then',
  parts: [
    { name: 'prices', program: 'closing-server', port: 8090 },
    {
      name: 'checkout',
      program: 'keeping-client',
      settings: (where) => peerSettings(where('prices')),
      switches: [
        {
          id: 'shorter-pool',
          title: 'checkout: drop idle connections first',
          explains: 'it keeps a connection for half of the time after which the server closes it',
        },
      ],
    },
  ],
});
