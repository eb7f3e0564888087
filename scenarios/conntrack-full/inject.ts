import { causedByParts, peerSettings } from '../parts-cause.js';

/**
 * A client that fills the table of its own container's network: the limit is the machine's and stays as it is, and no
 * other network has fewer flows for it. Processes share the table of their host, so that the lab of processes has none.
 */
export const { docker } = causedByParts({
  describe:
    "brings metering, which sends over a flow of its own for each meter until its network's conntrack table is full, and asks todo-app on new connections",
  parts: [
    {
      name: 'metering',
      program: 'flow-opening-client',
      openFiles: 8_192,
      settings: (where) => peerSettings(where('todo-app')),
      switches: [
        {
          id: 'one-socket',
          title: 'metering: one socket for all meters',
          explains:
            'a few flows carry all that is sent, however many meters there are: the table stays nearly empty',
        },
      ],
    },
  ],
});
