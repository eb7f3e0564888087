import { decodeUdpTable } from '../../linux/proc-net/tcp-table.js';
import { readText } from '../../linux/read-text.js';
import { ownInodes } from '../sockets/owners.js';

const DNS_PORT = 53;

/**
 * How many lookups wait for an answer in the network of a process: UDP sockets that are connected to port 53 (glibc,
 * c-ares and Go connect theirs; musl does not and is not seen). Those that we ask with in there are left out. Throws
 * when neither table can be read.
 */
export function waitingLookups(pid: number): number {
  const tables = ['udp', 'udp6'].flatMap((name) => readUdp(`/proc/${pid}/net/${name}`) ?? []);
  if (tables.length === 0) throw new Error('/proc/<pid>/net/udp cannot be read');
  const asking = tables.flat().filter(({ connected, remotePort }) => connected && remotePort === DNS_PORT);
  if (asking.length === 0) return 0;
  const own = ownInodes();
  return asking.filter(({ inode }) => !own.has(inode)).length;
}

function readUdp(path: string): [ReturnType<typeof decodeUdpTable>] | undefined {
  try {
    return [decodeUdpTable(Buffer.from(readText(path), 'latin1'))];
  } catch {
    // No such family on this machine.
    return undefined;
  }
}
