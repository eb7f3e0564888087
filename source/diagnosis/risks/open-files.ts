import type { OpenFiles, ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { count, percentOf } from '../../terminal/format.js';
import { supports } from '../evidence.js';
import { fresh } from '../facts/values.js';
import type { Thresholds } from '../threshold.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  used: {
    unit: 'share',
    value: 0.7,
    reads: '70 % of the soft limit',
    source:
      'node-mixin NodeFileDescriptorLimit warns at 70 %; with none left accept() and open() fail (EMFILE)',
  },
} as const satisfies Thresholds;

/** Who has most of the files open that it may: sockets are files. */
export const openFiles: RiskKind = {
  id: 'open-files',
  thresholds: THRESHOLDS,
  find(history) {
    const services = fresh(history.latest.services)?.services ?? [];
    const pids = new Set(services.map(({ pid }) => pid));
    const others = fresh(history.latest.settings)?.files.filter(({ pid }) => !pids.has(pid)) ?? [];
    return [...services.flatMap(ofService), ...others.filter(isNear).map((one) => ofProcess(history, one))];
  },
};

const isNear = ({ open, limit }: Pick<OpenFiles, 'open' | 'limit'>): boolean =>
  Number.isFinite(limit) && open >= THRESHOLDS.used.value * limit;

function ofService({ name, openFds, fdLimit, container }: ServiceSample): SeenRisk[] {
  if (openFds === null || fdLimit === null || !isNear({ open: openFds, limit: fdLimit })) return [];
  const room = roomFor(openFds);
  return [
    seen({ kind: 'workload', id: name }, `service.fds{${name}}`, openFds, fdLimit, {
      text: container
        ? `more room: \`ulimits: { nofile: ${room} }\` of its compose service, or docker run --ulimit nofile=${room}`
        : `more room, LimitNOFILE=${room} of what starts it; and look for what it does not close`,
    }),
  ];
}

function ofProcess(history: History, { pid, process, open, limit }: OpenFiles): SeenRisk {
  const room = roomFor(open);
  return seen(
    { kind: 'workload', id: `${process} (pid ${pid})` },
    `settings.files{${pid}}`,
    open,
    limit,
    {
      text: `more room, and LimitNOFILE=${room} of its unit so that it stays; and look for what it does not close`,
      command: `prlimit --pid ${pid} --nofile=${room}:${room}`,
    },
    history.latest.settings?.at,
  );
}

/** Four times what is open, as a power of two. */
const roomFor = (open: number): number => 2 ** Math.ceil(Math.log2(4 * open));

function seen(
  subject: SeenRisk['subject'],
  signal: string,
  open: number,
  limit: number,
  mend: SeenRisk['mend'],
  at?: number,
): SeenRisk {
  return {
    subject,
    title: `${subject.id} has ${percentOf(open / limit)} of its open files in use`,
    evidence: [
      supports(THRESHOLDS.used, {
        signal,
        reading: open / limit,
        value: `${count(open)} of ${count(limit)} files are open`,
        ...(at === undefined ? {} : { at }),
      }),
    ],
    mend,
  };
}
