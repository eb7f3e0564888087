import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'name-missing',
  title: 'A name is missing',
  summary: 'The resolver is well and says at once that the name the application needs does not exist.',
  severity: 'critical',
  origin:
    'Container Networking Exhaustion (its log line "Name or service not known" means this, not overload)',
  alerts: [
    ['DNSNameMissing', 'NXDOMAIN for a name that was valid before', '15s'],
    ['Complete Service Outage', 'HTTP error rate > 95 %', '1m'],
  ],
  symptoms: [
    'lookups of this one name answer NXDOMAIN within milliseconds; other names resolve',
    'the log says "Name or service not known" (EAI_NONAME) or ENOTFOUND, not a temporary failure',
    'the server behind it answers by address in milliseconds',
    'pages that need the name fail, at once or by timeout when the application retries for ever',
  ],
  investigation: [
    ['Ask for the name', 'dig <name> A', 'status: NXDOMAIN, Query time of a few milliseconds'],
    ['Ask the same resolver for another name', 'dig localhost A', 'any answer: the resolver is alive'],
    [
      'See whether the container that bears the name runs and is on the network',
      'docker ps -a --filter name=<name>; docker network inspect <network>',
      "stopped or disconnected: Docker's resolver answers NXDOMAIN for it at once",
    ],
    [
      'Go round the name',
      "curl -sv -m 5 --connect-to '::<address>:' <url>   # of a database: psql -h <address>, mysqladmin -h <address> ping",
      'works: the server behind the name is innocent',
    ],
  ],
  rootCause: [
    'the record was removed, the container that bears the name is stopped or left the network, or the name is misspelt',
    'NXDOMAIN is an answer: the resolver works',
  ],
  fix: ['bring the record, or the container that bears the name, back'],
  prevention: [
    'watch the names that an application needs, from where it asks',
    'change records by adding the new before removing the old; keep the negative TTL short',
    'check names at start-up and say which one is missing',
  ],
  confusedWith: {
    'resolver-dead': 'NXDOMAIN comes at once; a dead resolver says nothing',
    'resolver-saturation': 'answers come in milliseconds and none is late',
    'database-down': 'the database answers by address in milliseconds',
  },
  recovery: [
    'the name resolves to an address in milliseconds',
    'every target answers 200',
    'what is written through the application can be read back',
  ],
});
