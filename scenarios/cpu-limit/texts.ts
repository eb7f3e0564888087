import { ASK_DATABASE, failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'cpu-limit',
  title: 'A CPU limit holds a container back',
  summary: 'A container may use less CPU than its work needs; the kernel makes it wait in every period.',
  severity: 'critical',
  origin: 'Chaos Engineering Experiment Findings, experiment 2: Resource Limitation Test (CPU)',
  alerts: [
    ['CPUThrottlingHigh', 'throttled periods / periods > 25 % and latency > 2 × its baseline', '1m'],
    ['HighNetworkLatency', 'probe_duration_seconds > 1', '2m'],
  ],
  symptoms: [
    'every answer takes many times longer, or does not come in time; few fail at once',
    'docker stats shows a low CPU percent, exactly at the limit (20.24 % at 0.2 cores), on a host that is idle',
    'connections are accepted by the kernel and wait in the listen queue for the process',
    'the network is well: connecting takes as long as before, nothing is retransmitted',
  ],
  investigation: [
    [
      'See its use against its limit',
      "docker stats --no-stream; docker inspect -f '{{.Name}} {{.HostConfig.NanoCpus}}' <name>",
      'CPU percent at the limit: 5 % where NanoCpus is 50000000 (0.05 cores)',
    ],
    [
      'Ask the kernel how often it was held back',
      'docker exec <name> cat /sys/fs/cgroup/cpu/cpu.stat || docker exec <name> cat /sys/fs/cgroup/cpu.stat',
      'nr_throttled rises nearly as fast as nr_periods; above 25 % it is felt',
    ],
    [
      'Time ten requests',
      "for i in $(seq 10); do curl -s -o /dev/null -m 5 -w '%{time_connect} %{time_starttransfer}\\n' <url>; done",
      'time_connect as before, time_starttransfer many times longer: the process, not the network',
    ],
    ['Clear the database', ASK_DATABASE, 'answers in milliseconds'],
    [
      'On a swarm: see the limit of the service, and whether an update brought it',
      'docker service inspect --pretty <app>; docker service ps --no-trunc <app>',
      'Limits: CPU lower than it was, UpdateStatus completed, and every task Shutdown and started anew by it',
    ],
  ],
  rootCause: [
    'the CFS quota of its cgroup is used up early in each period of 100 ms; until the next one it does not run',
    'a limit was lowered, or the work grew beyond a limit that once was enough',
  ],
  fix: ['raise the limit to what it had: docker update --cpus 1 <name> (at once, nothing is restarted)'],
  prevention: [
    'requests and limits set from measured use, with room for peaks',
    'watch throttled periods and latency together; CPU percent alone looks idle',
    'degrade on purpose when CPU is short: a bulkhead, 503 at once',
    'record the performance under several limits, to know which is too small',
  ],
  confusedWith: {
    'service-hung': 'a frozen service uses no CPU and is never throttled; this one runs a little',
    'resolver-saturation': 'lookups are answered in time; its own process is what is late',
    'database-down': 'the database answers in milliseconds all the while',
    'memory-limit': 'no oom_kill, and memory is not at its limit',
  },
  recovery: [
    'no period is throttled any more',
    'every target answers 200; what is written can be read back',
    '20 of 20 requests succeed',
    'ten timed requests are as fast as before the limit',
  ],
});
