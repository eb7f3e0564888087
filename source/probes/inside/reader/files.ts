/** What is read from inside a network by a program that runs there, file by file. */

const FILES = [
  '/proc/net/sockstat',
  '/proc/net/sockstat6',
  '/proc/net/snmp',
  '/proc/net/netstat',
  '/proc/net/tcp',
  '/proc/net/tcp6',
  '/proc/net/route',
  '/proc/net/ipv6_route',
  '/etc/resolv.conf',
] as const;

/** A line before each file: no line of those files looks so. */
const MARK = '==> ';
const MARK_END = ' <==';

/** Prints the files and their names with nothing but a shell and `cat`; /proc and /sys show the network it runs in. */
const SCRIPT = `for f in "$@" /proc/sys/net/netfilter/nf_conntrack_count /proc/sys/net/netfilter/nf_conntrack_max \
/proc/sys/net/netfilter/nf_conntrack_*timeout* /sys/class/net/*/mtu /sys/class/net/*/operstate; do
  [ -r "$f" ] && echo "${MARK}$f${MARK_END}" && cat "$f"
done; exit 0`;

/** Bytes of output read at most: 25,000 rows of a socket table. */
export const MOST_OUTPUT = 4 * 1024 * 1024;

export const READ_WITH_SHELL: readonly string[] = ['sh', '-c', SCRIPT, 'sh', ...FILES];

/** Without a shell there is one run a file, and so the fewest that tell anything. */
export const READ_WITH_CAT: readonly (readonly [file: string, command: readonly string[]])[] = (
  ['/proc/net/snmp', '/proc/net/netstat', '/proc/net/tcp', '/proc/net/tcp6', '/etc/resolv.conf'] as const
).map((file) => [file, ['cat', file]]);

export type Files = ReadonlyMap<string, string>;

/** The files of an output by their names. */
export function splitFiles(output: string): Files {
  const files = new Map<string, string>();
  const parts = output.split(new RegExp(`^${MARK}(/\\S+)${MARK_END}\n`, 'm'));
  for (let i = 1; i + 1 < parts.length; i += 2) files.set(parts[i] as string, parts[i + 1] as string);
  return files;
}
