/** One event of the daemon, as far as it is used. */
export interface DockerEvent {
  readonly type: 'container' | 'network';
  /** `start`, `die`, `oom` ...; `health` for `health_status`. */
  readonly action: string;
  /** Full id of the container: of a network event, the container that came or went. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Wall-clock milliseconds. */
  readonly at: number;
  /** Seconds and nanoseconds, for `since`. */
  readonly stamp: string;
}

const ASKED_FOR = [
  ...['create', 'start', 'restart', 'die', 'stop', 'kill', 'oom', 'pause', 'unpause', 'destroy'],
  ...['rename', 'update', 'health_status', 'connect', 'disconnect'],
  // Podman alone: after each end, and after a start that came to nothing.
  'cleanup',
];

/** Podman's own words for two of them: it tells `die`, but is asked for `died` (measured, Podman 4.3). */
const PODMAN: Readonly<Record<string, string>> = { died: 'die', remove: 'destroy' };

/** Asked for by name, so that the exec events of health checks are never even sent. */
export const EVENT_FILTER = {
  type: ['container', 'network'],
  event: [...ASKED_FOR, ...Object.keys(PODMAN)],
};

/** An action in Docker's words, without what follows a colon; undefined for one that was not asked for. */
function actionOf(said: string): string | undefined {
  const word = said.split(':')[0] as string;
  const action = Object.hasOwn(PODMAN, word) ? PODMAN[word] : word;
  if (action === undefined || !ASKED_FOR.includes(action)) return undefined;
  return action === 'health_status' ? 'health' : action;
}

/** One line of GET /events, or undefined when it is none of ours or broken. */
export function parseDockerEvent(line: string): DockerEvent | undefined {
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const actor = value.Actor as { ID?: unknown; Attributes?: unknown } | null | undefined;
  const attributes = textsOf(actor?.Attributes);
  const { Type: type, Action: said } = value;
  if ((type !== 'container' && type !== 'network') || typeof said !== 'string') return undefined;
  const action = actionOf(said);
  if (action === undefined) return undefined;
  const id = type === 'network' ? attributes.container : actor?.ID;
  // A number of nanoseconds is beyond what a JavaScript number holds to the digit: its digits are taken as text.
  const nanos = /"timeNano":(\d{10,20})/.exec(line)?.[1];
  if (typeof id !== 'string' || id === '' || nanos === undefined) return undefined;
  const seconds = nanos.slice(0, -9);
  return {
    type,
    action,
    id,
    attributes: said.startsWith('health_status: ') ? { ...attributes, health: said.slice(15) } : attributes,
    at: Math.round(Number(nanos) / 1e6),
    stamp: `${seconds}.${nanos.slice(-9)}`,
  };
}

/** The moment right after an event's: `since` of the daemon takes in the moment it names. */
export function justAfter(stamp: string): string {
  const [seconds = '0', nanos = '0'] = stamp.split('.');
  const next = BigInt(seconds) * 1_000_000_000n + BigInt(nanos) + 1n;
  return `${next / 1_000_000_000n}.${String(next % 1_000_000_000n).padStart(9, '0')}`;
}

function textsOf(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
}
