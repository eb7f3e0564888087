import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { byAddress, type TargetView, targets } from './http.js';
import { serviceAt } from './services.js';
import { type DownUnit, downUnitAt, type LoopBounds, loopingUnits } from './units.js';

/** From when a refusal is one of now: an older run (ms) says nothing of it. */
export interface UnreachedBounds extends LoopBounds {
  readonly refusedLately: { readonly value: number };
}

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
  /** Runs in a row that were refused. */
  readonly runs: number;
}

/**
 * Addresses whose newest run was refused just now, an older refusal may be of a restart that is over; and those at which
 * no connection comes about: what was stopped still is until one does.
 */
export function unreached(history: History, bounds: UnreachedBounds): Unreached[] {
  return [...byAddress(targets(history))].flatMap(([address, views]): Unreached[] => {
    const last = views.reduce((newest, view) => (view.at >= newest.at ? view : newest));
    const lately = history.now - last.at <= bounds.refusedLately.value;
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
    return loops ? [] : [{ history, address, refused, service, unit, runs }];
  });
}
