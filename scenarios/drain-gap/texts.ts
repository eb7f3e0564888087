import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'drain-gap',
  title: 'Servers stop before their balancer knows',
  summary:
    'In a rolling restart each server stops to take connections while whoever shares the requests out still sends it some: a burst of refused connections and 502 at each replacement, and all is well between.',
  severity: 'warning',
  origin: 'Real-World Network Failure Scenarios, "Load Balancer Draining Gone Wrong"',
  alerts: [
    [
      'ReplacedUnderLoad',
      'two servers of one kind refuse in turn, for 30 s at most each, and requests fail in those moments',
      '0s',
    ],
  ],
  symptoms: [
    '502 or 503 for some seconds during a deployment, at each server that is replaced, and never else',
    'connection refused, mostly; a reset where a request was under way',
    'the server was asked to end (SIGTERM) and ended at once; nothing crashed',
  ],
  investigation: [
    [
      'Lay the errors beside the ends of the servers',
      "docker events --since 10m --until 0s --filter event=kill --filter event=die --filter event=start --format '{{.Time}} {{.Actor.Attributes.name}} {{.Action}}'",
      'each burst begins with the SIGTERM of one of them and ends seconds later',
    ],
    [
      'Ask one server while it is replaced',
      "for i in $(seq 60); do curl -s -o /dev/null -w '%{http_code}\\n' -m 1 http://<server>/; sleep 0.5; done | uniq -c",
      '000 for as long as it is away; the balancer still lists it meanwhile',
    ],
  ],
  rootCause: [
    'ending a server and taking it out of the list happen at the same time, and the list is slower by 1 to 10 s',
    'the program closes its port at SIGTERM, although requests are still on their way to it',
  ],
  fix: ['take the server out first, wait until nobody sends to it any more, then end it'],
  prevention: [
    'a pause between being told to end and ending (preStop: sleep 10), in which it serves on',
    'readiness that fails at once when it is told to end, and is checked more often than that pause is long',
    'a balancer that tries another server when one refuses',
  ],
  confusedWith: {
    'flapping-replica': 'there one server comes and goes by itself; here each is away once, in turn',
    'keepalive-race': 'there only kept connections fail, and no server is replaced',
    'container-kill': 'there nobody asked it to end',
  },
  recovery: ['a whole deployment under load without one failed request'],
});
