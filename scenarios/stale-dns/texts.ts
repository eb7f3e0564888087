import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'stale-dns',
  title: 'An address that nobody has any more is still asked for',
  summary:
    'A container was removed, or moved to another address, and its clients go on asking at the old one, or for its name.',
  severity: 'critical',
  origin:
    'docker rm, docker compose down of one service, a new deployment: with clients that keep addresses or names',
  alerts: [
    ['StaleAddress', 'SYN-SENT with retries towards an address that answers no ARP', '10s'],
    ['ServiceUnreachable', 'probe_success == 0', '30s'],
  ],
  symptoms: [
    'a share of the requests waits some seconds and fails: as much as goes to the old address',
    'connections in SYN-SENT towards an address of a bridge, then EHOSTUNREACH (No route to host) after 3 s',
    'a new process of the same client is well: it looks the name up anew',
    'or its name is not found any more, where clients ask for it each time',
  ],
  investigation: [
    [
      'See which addresses are asked for in vain',
      'ss -tano state syn-sent',
      'an address of a network of containers, with retries',
    ],
    ['Ask whether anybody is there', 'ip neigh show <server>', 'FAILED or INCOMPLETE: nobody answers ARP'],
    [
      'List who has which address',
      "docker network inspect <network> --format '{{range .Containers}}{{.Name}} {{.IPv4Address}}{{println}}{{end}}'",
      'nobody with that address',
    ],
    [
      'See what was removed',
      'docker events --since 1h --until 0s --filter event=destroy',
      'the container that had it',
    ],
  ],
  rootCause: [
    'the container was removed while others still needed it, or its clients were not told',
    'a client looked the name up once and keeps the answer (a proxy with its list of backends, a pool, a cache of names)',
  ],
  fix: [
    'start it again under its name, or take it out of the list of whoever asks for it',
    'let the client look the name up again: reload or restart it',
  ],
  prevention: [
    'take a backend out of its balancer before it is removed, and drain it',
    'names that are looked up again (nginx: resolver with valid=10s and a variable; a pool with a maximum lifetime)',
    'health checks in the balancer: an address that does not answer gets no requests',
  ],
  confusedWith: {
    partition: 'there the address still belongs to somebody, who runs; here its wire does not know it',
    'dns-failure': "there no address is given; here one is given, or kept, that is nobody's",
    'container-kill': 'a killed container is still listed, as exited',
    'name-missing': 'there the name never belonged to a container here, or nobody removed one of that name',
  },
  recovery: ['no connection waits in SYN-SENT towards the old address', 'every target answers 200'],
});
