import { causedByParts, peerSettings } from '../parts-cause.js';

/** A client of the lab's application that leaks ten connections a second, until its descriptors are used up. */
export const causes = causedByParts({
  describe: 'brings billing, a client that asks todo-app ten times a second and closes no connection',
  parts: [
    {
      name: 'billing',
      program: 'leaking-client',
      openFiles: 256,
      settings: (where) => peerSettings(where('todo-app')),
      switches: [
        {
          id: 'close-bodies',
          title: 'billing: close what was read',
          explains: 'each response is closed at its end, also on the error path: no descriptor is left over',
        },
      ],
    },
  ],
});
