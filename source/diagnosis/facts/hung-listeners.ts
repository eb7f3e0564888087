import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { standBehind } from './blast-radius.js';
import { byAddress, silent, type TargetView, targets } from './http.js';
import { isFrozen, serviceAt } from './services.js';

/** An address that does not answer as it should, or whose process is frozen. */
export interface HungListener {
  readonly history: History;
  /** `host:port`, as it is probed. */
  readonly address: string;
  /** All targets at the address, and those of them that stay silent. */
  readonly views: readonly TargetView[];
  readonly silent: readonly TargetView[];
  /** Who serves it, where that is known. */
  readonly service: ServiceSample | undefined;
  readonly frozen: boolean;
  /** Silent addresses that may wait for it, where it is frozen; and whether it waits for such a one itself. */
  readonly waiting: readonly string[];
  readonly waits: boolean;
}

/** A refusal or an error is not silence; only an answer of the service ends this. */
const answers = (view: TargetView): boolean =>
  view.sample.status !== null || view.sample.failure?.kind === 'refused';

/** Every address whose process is frozen, or that does not answer as it should. */
export function hungListeners(history: History): HungListener[] {
  const muted = byAddress(silent(history));
  const all = [...byAddress(targets(history))].map(([address, views]) => {
    const service = serviceAt(history, address);
    const frozen = service !== undefined && isFrozen(service);
    return { history, address, views, silent: muted.get(address) ?? [], service, frozen };
  });
  const frozen = all.filter((one) => one.frozen);
  const mute = all.filter((one) => !one.frozen && one.silent.length === one.views.length);
  const waitsFor = ({ address }: { readonly address: string }, { service }: (typeof all)[number]): boolean =>
    service !== undefined && standBehind(history, [service], address);
  return all
    .filter((one) => one.frozen || !one.views.every(answers))
    .map((one) => ({
      ...one,
      waiting: one.frozen ? mute.filter((other) => waitsFor(other, one)).map(({ address }) => address) : [],
      waits: !one.frozen && frozen.some((other) => waitsFor(one, other)),
    }));
}
