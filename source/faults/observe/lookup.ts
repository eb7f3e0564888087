import type { FaultPlan, Observation, Reading } from '../fault-plan.js';

/** What one question to the first nameserver gave. */
export interface Lookup {
  /** The code of its answer by name ("NOERROR", "NXDOMAIN", "5"); null when none came. */
  readonly answer: string | null;
  /** "NXDOMAIN after 0.4 ms", "nothing within 1.5 s". */
  readonly text: string;
}

const PATIENCE_S = 1.5;
const CODES: Readonly<Record<string, string>> = {
  0: 'NOERROR',
  2: 'SERVFAIL',
  3: 'NXDOMAIN',
  5: 'REFUSED',
};

/** Asks the first nameserver of resolv.conf for an A record, once (RFC 1035, 4.1), and prints code and ms. */
const ASK = `
import socket, struct, sys, time
servers = [l.split()[1] for l in open('/etc/resolv.conf') if l.startswith('nameserver')]
server = servers[0] if servers else '127.0.0.1'
name = b''.join(bytes([len(l)]) + l for l in sys.argv[1].encode().split(b'.')) + bytes(1)
asked = socket.socket(socket.AF_INET6 if ':' in server else socket.AF_INET, socket.SOCK_DGRAM)
asked.settimeout(${PATIENCE_S})
start = time.monotonic()
try:
    asked.connect((server, 53))
    asked.send(struct.pack('!6H', 7, 256, 1, 0, 0, 0) + name + struct.pack('!2H', 1, 1))
    answer = asked.recv(4096)
    print('code', answer[3] & 15, round((time.monotonic() - start) * 1000, 2))
except OSError as error:
    print('none', error)
`.trim();

/** The question is for the target's own name: on a network of Docker's that answers without any other server. */
export const lookupReading = (name: string): Reading => ({
  name: `lookup ${name}`,
  command: ['python3', '-c', ASK, asLabel(name)],
  timeoutMs: 4000,
});

/** Names of containers are longer than a label may be, some of them (RFC 1035, 2.3.4: 63 octets). */
const asLabel = (name: string): string => name.split('.')[0]?.slice(0, 63) || 'localhost';

/** What a plan's question found. */
export function lookupOf({ target }: FaultPlan, seen: Observation): Lookup {
  const output = seen.readings[lookupReading(target.name).name]?.output ?? '';
  const said = /^code (\d+) ([\d.]+)/m.exec(output);
  if (said) {
    const answer = CODES[said[1] as string] ?? (said[1] as string);
    return { answer, text: `${answer} after ${said[2]} ms` };
  }
  const why = /^none (.*)/m.exec(output)?.[1];
  if (why === undefined) return { answer: null, text: 'no reading' };
  return { answer: null, text: why === 'timed out' ? `nothing within ${PATIENCE_S} s` : why };
}
