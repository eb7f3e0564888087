import { existsSync } from 'node:fs';
import { asRoot } from '../linux/as-root.js';
import { readConntrack } from '../linux/conntrack/read-conntrack.js';
import { hasHome } from '../linux/home-folder.js';
import { dumpSockets } from '../linux/netlink/dump-sockets.js';
import { canListFds } from '../linux/process/process-fds.js';
import { ReadError, readText, tryReadText } from '../linux/read-text.js';
import { parseResolvConf } from '../linux/resolver/resolv-conf.js';
import { stateMask } from '../linux/tcp-states.js';
import { tryEntry } from './inside/try-entry.js';

/** One thing that Faultline could see or do on this machine, and whether it may. */
export interface Capability {
  readonly id: string;
  readonly title: string;
  readonly state: 'yes' | 'partly' | 'no';
  /** How it is done here, or what stands in for it. */
  readonly means: string;
  /** Why not, or not wholly; null when `yes`. */
  readonly reason: string | null;
  /** Command that grants it; null when there is none or none is needed. */
  readonly mend: string | null;
}

type Answer = Omit<Capability, 'id' | 'title'>;

const yes = (means: string): Answer => ({ state: 'yes', means, reason: null, mend: null });
const short = (
  state: 'partly' | 'no',
  means: string,
  reason: string,
  mend: string | null = null,
): Answer => ({
  state,
  means,
  reason,
  mend,
});

/** Tries each source once, for real. Never rejects; takes some milliseconds. */
export async function describeCapabilities(): Promise<Capability[]> {
  return [
    { id: 'netlink', title: 'Socket census from the kernel', ...(await netlink()) },
    { id: 'proc-sockets', title: 'Socket tables as text', ...readable('/proc/net/tcp', 'systeminformation') },
    { id: 'kernel-counters', title: 'TCP and UDP counters', ...readable('/proc/net/snmp', 'none') },
    { id: 'conntrack', title: 'Connection tracking', ...conntrack() },
    { id: 'processes', title: "Other users' processes", ...processes() },
    { id: 'resolver', title: "The system's resolver", ...resolver() },
    { id: 'namespaces', title: "Containers' network namespaces", ...(await namespaces()) },
    ...home(),
  ];
}

/** Told of only where it is missing: where there is one, whether it holds a context is seen by who asks Docker. */
function home(): Capability[] {
  if (hasHome() || process.env.DOCKER_CONFIG) return [];
  const why =
    'this user has no entry in passwd and HOME is not set, so there is no home folder to read them from';
  return [
    {
      id: 'home',
      title: 'Docker contexts',
      ...short('no', "Docker's usual socket", why, 'export HOME=/tmp'),
    },
  ];
}

async function netlink(): Promise<Answer> {
  if (process.platform !== 'linux')
    return short('no', 'systeminformation', 'sock_diag is a part of the Linux kernel');
  try {
    await dumpSockets({ family: 4, protocol: 'tcp', states: stateMask('LISTEN') }, () => undefined);
    return yes('netlink sock_diag through koffi');
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    const koffi = !/netlink|socket dump/.test(why ?? '');
    return short(
      'no',
      '/proc/net/tcp',
      koffi ? `koffi has no binary that loads here: ${why}` : `the kernel does not answer: ${why}`,
      koffi ? 'npm rebuild koffi' : 'modprobe -a inet_diag tcp_diag udp_diag',
    );
  }
}

function readable(path: string, instead: string): Answer {
  try {
    readText(path);
    return yes(path);
  } catch (error) {
    const missing = error instanceof ReadError && error.failure === 'missing';
    return missing
      ? short('no', instead, `this system has no ${path}`)
      : short('no', instead, `${path} may not be read`, asRoot());
  }
}

function conntrack(): Answer {
  const path = '/proc/sys/net/netfilter/nf_conntrack_count';
  if (process.platform !== 'linux')
    return short('no', 'none', 'connection tracking is a part of the Linux kernel');
  try {
    return readConntrack().stat === null
      ? short('partly', path, 'drops are not readable: /proc/net/stat/nf_conntrack', asRoot())
      : yes(`${path}, /proc/net/stat/nf_conntrack`);
  } catch (error) {
    return error instanceof ReadError && error.failure === 'missing'
      ? short('no', 'none', 'not loaded: the kernel tracks no connections here', 'modprobe nf_conntrack')
      : short('no', 'none', `not readable: ${path}`, asRoot());
  }
}

function processes(): Answer {
  if (!existsSync('/proc/1/stat'))
    return existsSync('/proc/self/stat')
      ? short('partly', '/proc', 'only own processes are shown (hidepid)', 'mount -o remount,hidepid=0 /proc')
      : short('partly', 'systeminformation', 'this system has no /proc: no open files, no limits');
  return canListFds(1)
    ? yes('/proc/<pid>')
    : short('partly', '/proc/<pid>', "open files and sockets of other users' processes are hidden", asRoot());
}

function resolver(): Answer {
  const text = tryReadText('/etc/resolv.conf');
  if (text === undefined) return short('no', 'none', '/etc/resolv.conf cannot be read');
  const { nameservers, search, ndots } = parseResolvConf(text);
  const suffixes = search.length > 0 ? `, search ${search.join(' ')}, ndots ${ndots}` : '';
  return yes(`/etc/resolv.conf: ${nameservers.join(', ')}${suffixes}`);
}

/** What stands in where a network cannot be entered. */
const BY_PROGRAM = 'docker exec, else a toolbox container';

/** Tried on a container that runs, where one does. */
async function namespaces(): Promise<Answer> {
  if (process.platform !== 'linux')
    return short('no', BY_PROGRAM, 'network namespaces are a part of the Linux kernel');
  const { on, means } = await tryEntry();
  if (means.by === 'setns') return yes(`setns (tried on ${on})`);
  const reason = `tried on ${on}: ${means.reason ?? 'no reason given'}`;
  return means.by === '/proc/<pid>/net'
    ? short('partly', `${means.by}; no conntrack, no lookups, no matrix`, reason, means.mend)
    : short('no', BY_PROGRAM, reason, means.mend);
}
