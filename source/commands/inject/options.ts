import type { OptionTable } from '../arguments/options.js';

export const injectOptions: OptionTable = {
  on: { value: 'CONTAINER', help: 'name or id of the container', example: 'web' },
  for: { value: 'DURATION', help: 'how long (default 60s)', example: '30s' },
  'dry-run': { help: 'every read and every command that it would take, and nothing else' },
  confirm: { value: 'NAME', help: "the container's name again, in place of the label", example: 'web' },
  json: { help: 'one JSON object a line, the last one with the result' },
  ms: { value: 'MS', help: 'delay: milliseconds', example: '200' },
  jitter: { value: 'MS', help: 'delay: give or take milliseconds', example: '20' },
  percent: { value: 'PERCENT', help: 'loss: share of the packets', example: '10' },
  peer: {
    value: 'NAME|ADDRESS',
    help: 'drop-peer: a container on the same network, or an IP address',
    example: 'db',
    repeatable: true,
  },
  ways: { value: 'both|in|out', help: 'drop-peer: what comes, what goes, or both (default)', example: 'in' },
  rcode: {
    value: 'NXDOMAIN|SERVFAIL',
    help: 'dns-answer: the code of every answer (default NXDOMAIN)',
    example: 'SERVFAIL',
  },
  kbit: { value: 'RATE', help: 'bandwidth: kbit a second', example: '1000' },
  queue: { value: 'MS', help: 'bandwidth: how long what is more may wait (default 300)', example: '300' },
  cpus: { value: 'CORES', help: 'cpu: cores', example: '0.1' },
  memory: { value: 'SIZE', help: 'memory, allocate: bytes, or with k, m, g', example: '64m' },
  victim: {
    value: 'worker|pid-1',
    help: 'allocate: whom the kernel kills first for it (default worker)',
    example: 'pid-1',
  },
  limit: { value: 'NUMBER', help: 'open-files: files a process', example: '64' },
  signal: { value: 'SIGNAL', help: 'kill: the signal (default SIGKILL)', example: 'SIGTERM' },
  network: { value: 'NAME', help: 'disconnect: which, where it is on several', example: 'web_default' },
};
