import type { HttpFailure, HttpSample, ServiceSample, TlsTrouble } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { byAddress, type TargetView, targets } from './http.js';
import { onceALook } from './once-a-look.js';
import { serviceAt } from './services.js';
import { failures, known } from './values.js';

/** What every client meets; whom to trust is each client's own matter. */
const MET_BY_ALL: readonly TlsTrouble[] = ['expired', 'not-valid-yet', 'other-name', 'incomplete', 'revoked'];
const BEFORE_THE_CERTIFICATE: readonly TlsTrouble[] = ['version', 'refused-handshake'];

/** Who shows a certificate. */
interface Server {
  readonly address: string;
  readonly service: ServiceSample | undefined;
  /** `payments (10.0.0.3:443)`, or the address alone. */
  readonly where: string;
}

function serverAt(history: History, address: string): Server {
  const service = serviceAt(history, address);
  return { address, service, where: service ? `${service.name} (${address})` : address };
}

/** An address whose certificate is not accepted, as its targets met it when they were last asked. */
export interface RefusedCertificate extends Server {
  readonly views: readonly [TargetView, ...TargetView[]];
  readonly failure: HttpFailure & { readonly tls: TlsTrouble };
  /** Whether every client meets it, and not those alone that do not trust its authority. */
  readonly metByAll: boolean;
  /** Handshakes of the last while that failed so, and since when (wall-clock ms) all of them do, if they do. */
  readonly refusals: number;
  readonly since: number | null;
}

/** Addresses whose certificate is not accepted now; handshakes are counted over `windowMs`. */
export const refusedCertificates = (history: History, bounds: Bounds): RefusedCertificate[] =>
  failedHandshakes(history, bounds, (sample) => certificateTrouble(sample) !== undefined);

/** The same of addresses that share no version or cipher with their clients. Where no version is said, what they speak is known. */
export const unsharedVersions = (history: History, bounds: Bounds): RefusedCertificate[] =>
  failedHandshakes(
    history,
    bounds,
    ({ failure }) =>
      failure?.tls === 'version' || (failure?.tls !== undefined && failure.speaks !== undefined),
  );

interface Bounds {
  readonly windowMs: number;
}

const failedHandshakes = (
  history: History,
  { windowMs }: Bounds,
  failsSo: (sample: HttpSample) => boolean,
): RefusedCertificate[] =>
  [...byAddress(targets(history))].flatMap(([address, all]) => {
    const [first, ...rest] = all.filter(({ sample }) => failsSo(sample));
    if (!first) return [];
    const views = [first, ...rest] as const;
    const refusals = views.map(({ target }) => refused(history, target, windowMs).length);
    const failure = first.sample.failure as RefusedCertificate['failure'];
    return [
      {
        ...serverAt(history, address),
        ...{ views, failure, metByAll: MET_BY_ALL.includes(failure.tls) },
        refusals: Math.max(...refusals),
        since: failures(history, signalOf(first.target))?.since ?? first.at,
      },
    ];
  });

/** Whether handshakes of an address still fail: the last did, or one of several among good ones, within `windowMs`. */
export const isStillRefused = (
  history: History,
  at: string,
  { windowMs, value }: { readonly windowMs: number; readonly value: number },
): boolean =>
  targets(history).some(({ address, target, sample }) => {
    if (address !== at || (sample.failure && sample.failure.tls === undefined)) return false;
    const points = known(history, signalOf(target), windowMs);
    const episodes = points.filter(({ value: ok }, i) => ok === 0 && points[i - 1]?.value !== 0).length;
    return points.at(-1)?.value === 0 || episodes >= value;
  });

/** What a client met with the certificate; undefined where it met nothing, or came no further than the first words. */
function certificateTrouble({ failure }: HttpSample): TlsTrouble | undefined {
  return failure?.tls === undefined || BEFORE_THE_CERTIFICATE.includes(failure.tls) ? undefined : failure.tls;
}

const signalOf = (target: string): string => `http.tls{${target}}`;
const refused = (history: History, target: string, ms: number) =>
  known(history, signalOf(target), ms).filter(({ value }) => value === 0);

/** An address by the certificate there that ends first. */
export interface ValidCertificate extends Server {
  readonly target: string;
  readonly daysLeft: number;
  /** Share of its whole time that is left, 0 to 1. */
  readonly shareLeft: number;
}

/** Addresses whose certificate is accepted by all that ask there, those that end first before the others. */
export const validCertificates = onceALook((history): readonly ValidCertificate[] =>
  [...byAddress(targets(history))]
    .filter(([, views]) => views.every(({ sample }) => certificateTrouble(sample) === undefined))
    .flatMap(([address, views]) => {
      const [first] = views
        .flatMap(({ target, sample: { certificate } }) => (certificate ? [{ target, ...certificate }] : []))
        .sort((a, b) => a.left - b.left);
      return first
        ? [
            {
              ...serverAt(history, address),
              target: first.target,
              daysLeft: first.left,
              shareLeft: first.left / first.of,
            },
          ]
        : [];
    })
    .sort((a, b) => a.daysLeft - b.daysLeft),
);
