import type { ContainerFacts, ServiceSample } from '../../source/probes/samples.js';
import type { FaultlineState } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { type Span, span } from '../panel.js';
import { LEVEL_SYMBOL, LEVEL_TONE, type Level } from '../widgets/levels.js';

interface Standing {
  readonly level: Level;
  readonly word: string;
}

/** How a service stands, as symbol and word; what was last seen of it where its source no longer answers. */
export function stateSpan(service: ServiceSample, state: FaultlineState): Span {
  const { level, word } = standingOf(service, state);
  if (state.latest.services?.stale) return span(`${SYMBOL.stale} was ${word}`, 'unknown');
  return span(`${LEVEL_SYMBOL[level]} ${word}`, LEVEL_TONE[level]);
}

/** The state in a word. A running service whose every probed URL fails is said not to answer. */
function standingOf(service: ServiceSample, state: FaultlineState): Standing {
  if (service.state === 'paused' || service.processState === 'T')
    return { level: 'critical', word: 'paused' };
  const special = service.container && containerStanding(service.container, service);
  if (special) return special;
  if (service.state === 'exited') return { level: 'critical', word: 'stopped' };
  if (service.state === 'starting' || service.state === 'stopping')
    return { level: 'notice', word: service.state };
  if (service.state === 'unknown') return { level: 'unknown', word: 'unknown' };
  const probes = Object.values(state.latest.http).filter((latest) => serves(service, latest.sample.url));
  if (probes.length > 0 && probes.every((latest) => !latest.sample.ok && !latest.stale))
    return { level: 'warning', word: 'no answer' };
  return { level: 'ok', word: service.container?.health === 'healthy' ? 'healthy' : 'up' };
}

/** Docker's own words where they say more: its next try after a crash, a check that fails, an end in good order. */
function containerStanding({ status, health }: ContainerFacts, service: ServiceSample): Standing | undefined {
  if (service.state === 'unknown') return undefined;
  if (status === 'restarting') return { level: 'critical', word: 'restarting' };
  if (status === 'dead') return { level: 'critical', word: 'dead' };
  if (status === 'created') return { level: 'notice', word: 'created' };
  if (status === 'removing') return { level: 'notice', word: 'removing' };
  if (service.state === 'exited') {
    const code = service.lastExit?.code ?? null;
    return { level: code === 0 ? 'notice' : 'critical', word: code === null ? 'stopped' : `exited ${code}` };
  }
  return health === 'unhealthy' ? { level: 'warning', word: 'unhealthy' } : undefined;
}

function serves(service: ServiceSample, url: string): boolean {
  const port = /^https?:\/\/(?:\[[^\]]*\]|[^/:]*):(\d+)/.exec(url)?.[1];
  return (
    port !== undefined && service.ports.some((own) => own.protocol === 'tcp' && own.port === Number(port))
  );
}
