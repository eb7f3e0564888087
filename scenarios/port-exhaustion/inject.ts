import { causedByParts } from '../parts-cause.js';

/** 128 ports; where processes share the host's network its range is everybody's. */
const RANGE = '40000 40127';

/** A client with few local ports that opens a connection for every request, and closes it itself. */
const cause = causedByParts({
  describe:
    'brings billing, a client with 128 local ports that asks todo-app 30 times a second, on a new connection each time',
  parts: [
    {
      name: 'billing',
      program: 'hasty-client',
      container: { sysctls: { 'net.ipv4.ip_local_port_range': RANGE } },
      settings(where) {
        const { host, port } = where('todo-app');
        return { PART_PEER_HOST: host, PART_PEER_PORT: String(port) };
      },
      switches: [
        {
          id: 'keep-alive',
          title: 'billing: keep connections and use them again',
          explains: 'two connections carry all requests: two ports, however many requests there are',
        },
      ],
    },
  ],
});

export const causes = { docker: cause.docker };
