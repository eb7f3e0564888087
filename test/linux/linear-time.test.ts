import { describe, expect, it } from 'vitest';

import { parseDockerEvent } from '../../source/engines/docker/link/docker-event.js';
import { jsonLines } from '../../source/engines/docker/link/json-lines.js';
import { frameReader } from '../../source/engines/docker/logs/log-frames.js';
import { lineCutter } from '../../source/engines/embedded/log-ring.js';
import { MAX_LINE } from '../../source/engines/log-line.js';
import { parseCgroupMounts, parseMemberships } from '../../source/linux/cgroup/cgroup-path.js';
import { parseInterfaceNames } from '../../source/linux/namespace/interfaces.js';
import { parseRoutes, parseRoutes6 } from '../../source/linux/namespace/routes.js';
import { parseCounters } from '../../source/linux/proc-net/counters.js';
import { parseSockstat } from '../../source/linux/proc-net/sockstat.js';
import { decodeTcpTable, decodeUdpTable } from '../../source/linux/proc-net/tcp-table.js';
import { parseOpenFileLimit } from '../../source/linux/process/process-limits.js';
import { parseProcessMemory } from '../../source/linux/process/process-memory.js';
import { parseProcessStat } from '../../source/linux/process/process-stat.js';
import { lookupHosts } from '../../source/linux/resolver/hosts-file.js';
import { parseResolvConf } from '../../source/linux/resolver/resolv-conf.js';
import { decodeFiles } from '../../source/probes/inside/reader/decode.js';
import { splitFiles } from '../../source/probes/inside/reader/files.js';
import { matchFailureText } from '../../source/probes/logs/failure-texts.js';
import { withoutLogin, withoutSecrets } from '../../source/secrets.js';
import { sanitise, sanitiseLines } from '../../source/terminal/sanitise.js';
import { cpuMs } from '../helpers/cpu-time.js';

/** Everything that takes what a container or a daemon says, whatever that is. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  decodeTcpTable: (text) => decodeTcpTable(Buffer.from(text), (row) => row.inode),
  decodeUdpTable: (text) => decodeUdpTable(Buffer.from(text)),
  parseCounters,
  parseSockstat,
  parseRoutes,
  parseRoutes6,
  parseInterfaceNames,
  parseResolvConf,
  lookupHosts: (text) => lookupHosts(text, 'app'),
  splitFiles: (text) => decodeFiles(splitFiles(text)),
  'a table': (text) => decodeFiles(splitFiles(`==> /proc/net/tcp <==\n${text}`)),
  'a resolv.conf': (text) => decodeFiles(splitFiles(`==> /etc/resolv.conf <==\n${text}`)),
  parseMemberships,
  parseCgroupMounts,
  parseProcessStat,
  parseProcessMemory,
  parseOpenFileLimit,
  parseDockerEvent,
  jsonLines: (text) => inChunks(text, jsonLines(parseDockerEvent)),
  frameReader: (text) =>
    inChunks(
      text,
      frameReader(() => undefined),
    ),
  lineCutter: (text) => inChunks(text, lineCutter(matchFailureText).take),
  matchFailureText: inLines(matchFailureText),
  sanitise: (text) => sanitise(text),
  sanitiseLines,
  withoutSecrets,
  withoutLogin,
};

/** As lines of the greatest length that a log has. */
function inLines(take: (line: string) => unknown): (text: string) => void {
  return (text) => {
    for (let at = 0; at < text.length; at += MAX_LINE) take(text.slice(at, at + MAX_LINE));
  };
}

/** As it comes from a socket whose other end writes little at a time. */
function inChunks(text: string, take: (chunk: Buffer) => unknown): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 100) take(bytes.subarray(at, at + 100));
}

/** What makes a reader look again at what it has seen: ends that do not come, ends that come at once, many beginnings. */
const HOSTILE: readonly string[] = [
  ...['\n', ' ', '\t', 'a', '#', '(', ')', ':', '"', '\\', '\u0001\0\0\0\0\0\0\u0001', '\u001b]', '\u001b['],
  ...[
    ' ;',
    '#\r',
    ' ;\r',
    '://',
    '://a@',
    '?',
    'token=',
    'lookup ',
    'lookup a',
    'address ',
    'queryA ',
    'a: ',
  ],
  ...[
    '==> /a <==\n',
    '==> /',
    '0: ',
    '\n0: 0',
    ' - ',
    '0::/',
    '{"timeNano":1',
    'nameserver ',
    'a\n \n',
    'Tcp: ',
  ],
];

const SMALL = 64 * 1024;
const LARGE = 16 * SMALL;
/** Sixteen times as much may take 16 times as long; the rest is what a busy machine adds. */
const MOST_RATIO = 40;
/** Shorter times (ms) say nothing: collecting the garbage of a million short texts takes as long. */
const CLEAR_MS = 400;
/** What takes so long (ms) for 64 kB is not asked for more: it would take minutes. */
const SLOW_MS = 200;
/** No machine is disturbed so long (ms) that another try would tell more. */
const HOPELESS_MS = 5_000;

/** Behind all the pieces an end that is none: an expression that looks for the end of a line stops short of it. */
const sized = (piece: string, bytes: number): string =>
  `${piece.repeat(Math.ceil(bytes / Buffer.byteLength(piece)))}\rx`;

function took(read: (text: string) => unknown, text: string): number {
  const began = cpuMs();
  read(text);
  return cpuMs() - began;
}

/** The shortest of three, which is what the machine did not disturb; no more are tried once one will do. */
function shortest(willDo: (ms: number) => boolean, once: () => number): number {
  let best = once();
  for (let i = 1; i < 3 && !willDo(best) && best < HOPELESS_MS; i++) best = Math.min(best, once());
  return best;
}

describe('1 MiB takes no more than its share of what 64 kB take', () => {
  it.each(Object.entries(READERS))('%s', (_, read) => {
    for (const piece of HOSTILE) {
      const small = shortest(
        () => false,
        () => took(read, sized(piece, SMALL)),
      );
      expect.soft(small, `64 kB of ${JSON.stringify(piece)}`).toBeLessThan(SLOW_MS);
      if (small >= SLOW_MS) continue;
      const isFine = (ms: number): boolean => ms < CLEAR_MS || ms / small < MOST_RATIO;
      const large = shortest(isFine, () => took(read, sized(piece, LARGE)));
      expect.soft(isFine(large), `1 MiB of ${JSON.stringify(piece)}: ${large} ms, ${small} ms`).toBe(true);
    }
  });
});
