import { readFileSync } from 'node:fs';
import { fromInspect, fromList } from '../../source/engines/docker/containers/from-daemon.js';
import { decodeStats } from '../../source/engines/docker/containers/one-shot-stats.js';
import { parseDockerEvent } from '../../source/engines/docker/link/docker-event.js';
import { jsonLines } from '../../source/engines/docker/link/json-lines.js';
import { frameReader } from '../../source/engines/docker/logs/log-frames.js';
import { lineCutter } from '../../source/engines/embedded/log-ring.js';
import { parseSegments } from '../../source/engines/embedded/shared-memory.js';
import { parseAgentState } from '../../source/faults/agent/agent-container.js';
import { parseEntry } from '../../source/faults/desk/journal.js';
import { parseCgroupMounts, parseMemberships } from '../../source/linux/cgroup/cgroup-path.js';
import { decodeCpuV1, decodeMemoryV1, decodePids } from '../../source/linux/cgroup/cgroup-v1.js';
import { decodeCpuV2, decodeMemoryV2 } from '../../source/linux/cgroup/cgroup-v2.js';
import { parseConntrackStat } from '../../source/linux/conntrack/conntrack-stat.js';
import { parseInterfaceNames } from '../../source/linux/namespace/interfaces.js';
import { decodeRouteReply, type RouteMtu } from '../../source/linux/namespace/route-mtu-reply.js';
import { parseRoutes, parseRoutes6 } from '../../source/linux/namespace/routes.js';
import { parseNatRules } from '../../source/linux/nat-rules.js';
import { decodeDiagReply, NetlinkError } from '../../source/linux/netlink/inet-diag-reply.js';
import { decodeRefusal } from '../../source/linux/packet/refusal.js';
import { parseCounters } from '../../source/linux/proc-net/counters.js';
import { parseSockstat } from '../../source/linux/proc-net/sockstat.js';
import { decodeTcpTable, decodeUdpTable } from '../../source/linux/proc-net/tcp-table.js';
import { parseOpenFileLimit } from '../../source/linux/process/process-limits.js';
import { parseProcessMemory } from '../../source/linux/process/process-memory.js';
import { parseProcessStat } from '../../source/linux/process/process-stat.js';
import { lookupHosts } from '../../source/linux/resolver/hosts-file.js';
import { parseResolvConf } from '../../source/linux/resolver/resolv-conf.js';
import type { SocketRow } from '../../source/linux/socket-row.js';
import { decodeReply } from '../../source/probes/dns/message.js';
import { decodeFiles } from '../../source/probes/inside/reader/decode.js';
import { splitFiles } from '../../source/probes/inside/reader/files.js';
import { matchFailureText } from '../../source/probes/logs/failure-texts.js';
import { parseKnocks } from '../../source/probes/matrix/knock-program.js';
import { decodeSwarm } from '../../source/probes/swarm/decode.js';
import { withoutLogin, withoutSecrets } from '../../source/secrets.js';
import { safeJson } from '../../source/terminal/safe-json.js';
import { sanitise, sanitiseLines } from '../../source/terminal/sanitise.js';
import { datagrams, fixture } from '../linux/fixture.js';
import { resetOf } from '../linux/packet/packets.js';
import { mutated, mutatedJson } from './mutate.js';

/** Something that reads what a kernel, a daemon, a container or another program says. */
export interface Decoder<Input = unknown> {
  readonly name: string;
  readonly input: (random: () => number) => Input;
  /** What it makes of it: all that it would keep. */
  readonly decode: (input: Input) => unknown;
  /** Errors that it says it throws. */
  readonly declared?: (error: unknown) => boolean;
}

const captured = (name: string): Buffer => readFileSync(new URL(`./captured/${name}`, import.meta.url));
const json = (name: string): unknown => JSON.parse(captured(name).toString());
const fixtures = (...names: string[]): Buffer[] => names.map(fixture);

const ofBytes = (
  name: string,
  seeds: readonly Buffer[],
  decode: (bytes: Buffer) => unknown,
  declared?: Decoder['declared'],
): Decoder => ({
  name,
  input: (random) => mutated(seeds, random),
  decode: (input) => decode(input as Buffer),
  ...(declared ? { declared } : {}),
});

const ofText = (
  name: string,
  seeds: readonly Buffer[],
  decode: (text: string) => unknown,
  declared?: Decoder['declared'],
): Decoder => ofBytes(name, seeds, (bytes) => decode(bytes.toString()), declared);

const ofJson = (name: string, seeds: readonly unknown[], decode: (value: never) => unknown): Decoder => ({
  name,
  input: (random) => mutatedJson(seeds, random),
  decode: (input) => decode(input as never),
});

const REFUSED = { from: '10.0.0.3', to: '10.0.0.2', port: 9_000, clientPort: 40_000 };

const isNetlinkError = (error: unknown): boolean => error instanceof NetlinkError;

/** Everything of a row that is read somewhere, made while the row is there: it is moved to the next one after. */
const whole = (row: SocketRow): unknown => [
  ...[row.state, row.localPort, row.remotePort, row.localAddress(), row.remoteAddress()],
  ...[row.inode, row.rxQueue, row.timer],
];

function rows(read: (onRow: (row: SocketRow) => void) => unknown): unknown {
  const all: unknown[] = [];
  const told = read((row) => void all.push(whole(row)));
  return [told, all];
}

/** As it comes from a socket: in pieces whose ends fall anywhere. */
function inPieces(bytes: Buffer, take: (chunk: Buffer) => unknown): void {
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 3) % 101 || 1)
    take(bytes.subarray(at, at + size));
}

/** The files of a cgroup, all of them this text. */
const everyFile =
  (text: string): ((name: string) => string) =>
  () =>
    text;

const QUESTION = { id: 0x1234, qname: 'redis', qtype: 'A' } as const;
const DOORS = [
  { address: '10.0.0.2', port: 80 },
  { address: '10.0.0.3', port: 5432 },
];

const SOCK_DIAG = ['sock-diag-tcp4.bin', 'sock-diag-tcp6.bin', 'sock-diag-udp4.bin'].flatMap(datagrams);
const SHOWN = Object.entries({
  '/proc/net/tcp': 'proc-net-tcp.txt',
  '/proc/net/tcp6': 'proc-net-tcp6.txt',
  '/proc/net/snmp': 'snmp.txt',
  '/proc/net/netstat': 'netstat.txt',
}).map(([path, file]) => `==> ${path} <==\n${fixture(file)}\n`);
const SHOWN_FILES = Buffer.from(
  `${SHOWN.join('')}==> /proc/net/route <==\n${captured('route.txt')}\n==> /etc/resolv.conf <==\n${captured('resolv.conf')}\n`,
);

const INSPECT = json('docker-inspect.json');
const LISTED = (json('docker-containers.json') as unknown[])[0];
const TASK = {
  ID: 't1',
  ServiceID: 's1',
  Slot: 1,
  CreatedAt: '2026-11-02T10:00:00.123456789Z',
  UpdatedAt: '2026-11-02T10:00:05Z',
  DesiredState: 'running',
  Status: {
    State: 'failed',
    Err: 'task: non-zero exit (1)',
    Timestamp: '2026-11-02T10:00:05Z',
    ContainerStatus: { ExitCode: 1 },
  },
};
const SWARM = {
  services: [
    {
      ID: 's1',
      Spec: { Name: 'web', Mode: { Replicated: { Replicas: 2 } } },
      UpdateStatus: { State: 'updating' },
    },
  ],
  tasks: [TASK],
  nodes: [{ Status: { State: 'ready' } }],
};
const JOURNAL = [
  Buffer.from('{"version":1,"id":"a1","at":1,"what":"x","undo":[{"kind":"docker","keeper":"k","plan":{}}]}'),
];
const LOG_LINES = [
  Buffer.from('2026-11-02T10:00:00Z ERROR connect ECONNREFUSED 10.0.0.2:5432\nsay \u001b[31mred\u001b[0m\n'),
  Buffer.from(
    'psycopg2.OperationalError: could not translate host name "db" to address: Name or service not known\r\n',
  ),
  Buffer.from('postgres://shop:p@ss/w0rd@db:5432/shop?token=abc&password=x Authorization: Bearer abc.def\n'),
];

/** Every decoder of the program. A new one has a line here. */
export const DECODERS: readonly Decoder[] = [
  ofBytes(
    'sock_diag',
    SOCK_DIAG,
    (bytes) => rows((onRow) => decodeDiagReply(bytes, 7, onRow)),
    isNetlinkError,
  ),
  ofBytes(
    'rtnetlink routes',
    [captured('route-dump.bin')],
    (bytes) => {
      const found: RouteMtu[] = [];
      return [decodeRouteReply(bytes, 7, found), found];
    },
    isNetlinkError,
  ),
  ofBytes('/proc/net/tcp', fixtures('proc-net-tcp.txt', 'proc-net-tcp6.txt'), (bytes) =>
    rows((onRow) => decodeTcpTable(bytes, onRow)),
  ),
  ofBytes('/proc/net/udp', fixtures('proc-net-udp.txt'), (bytes) => decodeUdpTable(bytes)),
  ofText('counters', fixtures('snmp.txt', 'netstat.txt'), (text) => [...parseCounters(text)]),
  ofText('sockstat', fixtures('sockstat.txt', 'sockstat6.txt'), parseSockstat),
  ofText('conntrack', fixtures('nf-conntrack-stat.txt'), parseConntrackStat),
  ofText('routes', [captured('route.txt')], parseRoutes),
  ofText('IPv6 routes', [captured('ipv6-route.txt')], parseRoutes6),
  ofText('interfaces', [captured('net-dev.txt')], parseInterfaceNames),
  ofText('rules that translate addresses', [captured('nat-rules.txt')], parseNatRules),
  ofText('limits of a process', fixtures('process-limits.txt'), parseOpenFileLimit),
  ofText('status of a process', fixtures('process-status.txt'), parseProcessMemory),
  ofText('stat of a process', fixtures('process-stat.txt'), parseProcessStat),
  ofText('cgroups of a process', [captured('cgroup.txt')], parseMemberships),
  ofText('mounts', [captured('mountinfo.txt')], parseCgroupMounts),
  ofText('cgroup v1', [captured('cpu-stat-v1.txt')], (text) => {
    const files = everyFile(text);
    return [decodeCpuV1(files, files), decodeMemoryV1(files), decodePids(files)];
  }),
  ofText('cgroup v2', [captured('cpu-stat-v2.txt')], (text) => [
    decodeCpuV2(everyFile(text)),
    decodeMemoryV2(everyFile(text)),
  ]),
  ofText('resolv.conf', [captured('resolv.conf')], parseResolvConf),
  ofText('hosts', [captured('hosts')], (text) => lookupHosts(text, 'app')),
  ofText('files shown in a container', [SHOWN_FILES], (text) => decodeFiles(splitFiles(text))),
  ofBytes('reset that answers a SYN', [resetOf(REFUSED)], decodeRefusal),
  ofBytes('DNS answer', [captured('dns-answer.bin'), captured('dns-nxdomain.bin')], (bytes) =>
    decodeReply(bytes, QUESTION),
  ),
  ofText(
    'end of a knock',
    [Buffer.from('[[null, 0.4], ["ECONNREFUSED", 0.2]]')],
    (text) => parseKnocks(text, DOORS),
    (error) => error instanceof Error,
  ),
  ofBytes('Docker events', [captured('docker-events.ndjson')], (bytes) => {
    const events: unknown[] = [];
    inPieces(
      bytes,
      jsonLines((line) => void events.push(parseDockerEvent(line))),
    );
    return events;
  }),
  ofBytes('Docker log frames', [captured('docker-logs.bin')], (bytes) => {
    const frames: unknown[] = [];
    inPieces(
      bytes,
      frameReader((stream, frame) => void frames.push([stream, frame.toString('latin1')])),
    );
    return frames;
  }),
  ofBytes('lines of a log', LOG_LINES, (bytes) => {
    const lines: unknown[] = [];
    const cutter = lineCutter((line) => void lines.push(line, matchFailureText(line)));
    inPieces(bytes, cutter.take);
    return lines;
  }),
  ofText('shared memory', [Buffer.from('key shmid perms size\n0 3 600 56 1 2 0 0\n')], parseSegments),
  ofText('state of a fault agent', [Buffer.from('{"state":"held","at":12,"pid":4}')], parseAgentState),
  ofText('journal', JOURNAL, parseEntry),
  ofText('secrets', LOG_LINES, (text) => [withoutSecrets(text), withoutLogin(text)]),
  ofText('text from outside', LOG_LINES, (text) => [sanitise(text), sanitiseLines(text)]),
  ofJson('Docker stats', [json('docker-stats.json')], (value) => decodeStats(value)),
  ofJson('a listed container', [LISTED], (value) => fromList(value)),
  ofJson('an inspected container', [INSPECT], (value) => fromInspect(value)),
  ofJson('Swarm', [SWARM], (value: { readonly [list: string]: never } | null) =>
    decodeSwarm(value?.services as never, value?.tasks as never, value?.nodes as never),
  ),
  ofJson('JSON that is written', [INSPECT, SWARM], (value) => safeJson(value)),
];
