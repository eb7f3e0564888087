import type { ServiceSample } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { gather } from '../evidence.js';
import { isLocal } from './addresses.js';
import { restartFix } from './context.js';
import { byAddress, names, type TargetView, targets } from './http.js';
import { isGone, processText, serviceAt } from './services.js';
import { type DownUnit, downUnitAt, type LoopBounds, loopingUnits, unitFixes, unitTitle } from './units.js';

/** An older refusal is none of now. */
export const REFUSED_LATELY = {
  unit: 'ms',
  value: 5000,
  source: 'our choice: refused runs follow one another every 2 s, an older one says nothing of now',
};

/** An address at which no connection comes about. */
export interface Unreached {
  readonly history: History;
  /** `host:port`, as it is probed. */
  readonly address: string;
  /** The targets there that were refused just now. */
  readonly refused: readonly TargetView[];
  /** Who serves it, where that is known. */
  readonly service: ServiceSample | undefined;
  /** The service of systemd that did, where no workload is known for it. */
  readonly unit: DownUnit | undefined;
  /** Whether the process that served it is seen to have ended. */
  readonly gone: boolean;
  /** Runs in a row that were refused. */
  readonly runs: number;
}

/**
 * Addresses whose newest run was refused just now, an older refusal may be of a restart that is over; and those at which
 * no connection comes about: what was stopped still is until one does.
 */
export function unreached(history: History, bounds: LoopBounds): Unreached[] {
  return [...byAddress(targets(history))].flatMap(([address, views]): Unreached[] => {
    const last = views.reduce((newest, view) => (view.at >= newest.at ? view : newest));
    const lately = history.now - last.at <= REFUSED_LATELY.value;
    // Who listens and is refused has not stopped.
    if (last.sample.failure?.listens) return [];
    const isRefused = lately && last.sample.failure?.kind === 'refused';
    if (!isRefused && views.some(({ sample }) => sample.phases.connect !== null)) return [];
    const refused = isRefused ? views.filter(({ sample }) => sample.failure?.kind === 'refused') : [];
    const runs = Math.max(0, ...refused.map((view) => view.failed));
    const service = serviceAt(history, address);
    const unit = service ? undefined : downUnitAt(history, address);
    // One that ends again and again is told of once, wherever it is missed.
    const loops = unit && loopingUnits(history, bounds).some(({ name }) => name === unit.name);
    const gone = service !== undefined && isGone(service);
    return loops ? [] : [{ history, address, refused, service, unit, gone, runs }];
  });
}

/** What became of who served it; of another machine only the refusal is seen. */
export function unreachedText({ address, service, unit, gone }: Unreached): string {
  if (gone && service) return `${service.name} has stopped`;
  if (unit) return `${unitTitle(unit)}: nothing listens at ${address}`;
  return service || isLocal(address)
    ? `Nothing listens at ${address}`
    : `${address} refuses every connection: nothing listens there, or a firewall rejects it`;
}

/** What makes somebody listen there again. */
export const unreachedFixes = ({ address, service, unit }: Unreached): Fix[] =>
  unit
    ? unitFixes(unit)
    : [restartFix(service, address, `start ${service?.name ?? `what served ${address}`} again`, true)];

/** Who is refused there, and how its process ended, in words. */
export function unreachedLines({ address, refused, service, gone }: Unreached): string[] {
  const exit = gone ? service?.lastExit : null;
  return gather(
    refused.length > 0 && `${address} refuses every connection: ${names(refused)}`,
    service && `${service.name}: ${processText(service)}`,
    (exit?.code === 137 || exit?.signal === 'SIGKILL') &&
      'who killed it is not recorded; SIGKILL alone does not prove out of memory',
  );
}
