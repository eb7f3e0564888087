import type { Knock } from './knock.js';

/** Where somebody is asked whether one can connect. */
export interface Door {
  readonly address: string;
  readonly port: number;
}

/**
 * Connects to each door at once, sends nothing, and prints for each the name of the errno (null for a connection) and
 * the milliseconds it took. For Python 3, which every toolbox has.
 */
const PROGRAM = `
import errno, json, socket, sys, threading, time
patience, doors = float(sys.argv[1]) / 1000, json.loads(sys.argv[2])
ends = [None] * len(doors)
def knock(at, address, port):
    s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    s.settimeout(patience)
    began = time.monotonic()
    try:
        s.connect((address, port))
        code = None
    except socket.timeout:
        code = "ETIMEDOUT"
    except OSError as e:
        code = errno.errorcode.get(e.errno, "EIO")
    ends[at] = [code, (time.monotonic() - began) * 1000]
    s.close()
threads = [threading.Thread(target=knock, args=(i, a, p), daemon=True) for i, (a, p) in enumerate(doors)]
for t in threads: t.start()
for t in threads: t.join()
print(json.dumps(ends))
`;

/** A toolbox container may have 64 processes and threads. */
export const MOST_DOORS = 48;

/** The command line that knocks at up to 48 doors, each for `patienceMs`. */
export function knockCommand(doors: readonly Door[], patienceMs: number): readonly string[] {
  const list = JSON.stringify(doors.map(({ address, port }) => [address, port]));
  return ['python3', '-c', PROGRAM, String(patienceMs), list];
}

/** What it printed, in the order of the doors. Throws when that is something else. */
export function parseKnocks(output: string, doors: readonly Door[]): readonly Knock[] {
  const ends: unknown = JSON.parse(output);
  if (!Array.isArray(ends) || ends.length !== doors.length)
    throw new Error('the program did not tell of all doors');
  return ends.map((end: unknown) => {
    const [errno, ms] = Array.isArray(end) ? (end as unknown[]) : [];
    if ((errno !== null && typeof errno !== 'string') || typeof ms !== 'number')
      throw new Error('the program printed no such end');
    return { errno, ms };
  });
}
