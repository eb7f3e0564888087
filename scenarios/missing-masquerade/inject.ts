import { causedByParts, peerSettings } from '../parts-cause.js';

/** A network of the parts' own: what is outside of it knows no way there. */
const INSIDE = { PART_INSIDE: '10.213.99', PART_INSIDE_BITS: '24' };
const ROUTES = { capabilities: ['NET_ADMIN'] } as const;

/**
 * A client behind a router of its own, and a server beyond it. The lab's processes share one network, and have no router;
 * the host's own rules are not touched.
 */
export const { docker } = causedByParts({
  describe:
    'brings exchange, a server that knows no way to private networks, egress, a router whose masquerade rule is gone, and quotes, which asks exchange through it',
  parts: [
    { name: 'exchange', program: 'outside-server', port: 8080, settings: () => INSIDE, container: ROUTES },
    {
      name: 'egress',
      program: 'nat-router',
      settings: () => INSIDE,
      container: { ...ROUTES, sysctls: { 'net.ipv4.ip_forward': '1' } },
      switches: [
        {
          id: 'masquerade',
          title: 'egress: put its own address in place of private ones',
          explains:
            'answers come to the router, which gives them back: outside nobody has to know the network inside',
        },
      ],
    },
    {
      name: 'quotes',
      program: 'inside-client',
      port: 8080,
      settings: (where) => ({ ...INSIDE, ...peerSettings(where('exchange')) }),
      container: ROUTES,
      target: ({ host, port }) => ({ name: 'GET quotes', url: `http://${host}:${port}/` }),
    },
  ],
});
