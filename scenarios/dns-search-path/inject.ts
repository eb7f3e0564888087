import { causedByParts } from '../parts-cause.js';

const NAME = 'payments.example';

/**
 * A client whose resolv.conf has a search list, and a resolver that takes 1.2 s to deny a name. Not in the lab of
 * processes: those share the resolv.conf of their machine.
 */
export const { docker } = causedByParts({
  describe: `brings invoicing, a client with three search domains that looks up ${NAME}, and a resolver that denies slowly`,
  parts: [
    {
      name: 'company-dns',
      program: 'slow-denials',
      port: 53,
      settings: (where) => ({ PART_NAME: NAME, PART_ANSWER: where('todo-app').host, PART_DENY_MS: '1200' }),
    },
    {
      name: 'invoicing',
      program: 'searching-client',
      settings: (where) => ({ PART_PEER_HOST: NAME, PART_PEER_PORT: String(where('todo-app').port) }),
      container: {
        dns: ['company-dns'],
        dnsSearch: ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'],
        dnsOptions: ['ndots:5'],
      },
      switches: [
        {
          id: 'trailing-dot',
          title: 'invoicing: a dot behind the name',
          explains: `${NAME}. is the whole name: the search list is left out, two questions instead of eight`,
        },
      ],
    },
  ],
});
