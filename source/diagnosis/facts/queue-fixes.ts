import type { Fix } from '../../store/finding.js';
import { later, now } from './fixes.js';
import type { FullQueue } from './full-queues.js';

/** What frees a full queue, and what makes it longer where its length is what is wrong. */
export function queueFixes(full: FullQueue): Fix[] {
  const { queue, who, container } = full;
  const pid = queue.pressed?.process?.pid;
  const command =
    pid !== undefined
      ? `ps -L -o pid,lwp,stat,wchan:24,pcpu,cmd -p ${pid}`
      : container === null
        ? `ss -Hltnp 'sport = :${queue.port}'   # names its process`
        : `docker top ${container}`;
  return [
    now(`see why ${who} does not accept: it is stuck, short of CPU, or has too few workers`, command),
    lengthFix(full),
  ];
}

/** What Linux 5.4 and later allow by default. */
const ENOUGH = 4096;

/** The kernel takes the smaller of what listen() asks for and net.core.somaxconn: which one it is tells what to change. */
function lengthFix({ queue, who, container }: FullQueue): Fix {
  const { backlog, pressed } = queue;
  const most = pressed?.somaxconn ?? null;
  if (backlog === null || most === null)
    return later('a longer queue, once it keeps up: listen() asks for one, net.core.somaxconn limits it');
  if (backlog < most)
    return later(
      `once it keeps up, a longer queue: ${who} asks for ${backlog} itself, in its listen() or its settings; the kernel would give up to ${most}`,
    );
  const set = `net.core.somaxconn=${Math.max(ENOUGH, 2 * most)}`;
  return {
    ...later(
      `once it keeps up, a longer queue: net.core.somaxconn holds it at ${most}; ${who} then listens anew`,
    ),
    command:
      container === null
        ? `sysctl -w ${set}`
        : `docker run --sysctl ${set} IMAGE   # ${container} made anew, with its other options`,
  };
}
