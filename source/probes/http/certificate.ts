import type { DetailedPeerCertificate } from 'node:tls';
import { sanitise } from '../../terminal/sanitise.js';
import type { CertificateDays, TlsTrouble } from './sample.js';

/** What is wrong with the certificate that a server shows. */
export interface CertificateFault {
  /** For a person, whole. */
  readonly text: string;
  /** What a client meets, to stand behind "fails with". */
  readonly short: string;
  readonly trouble: TlsTrouble;
}

const DAY_MS = 86_400_000;
/** More issuers than this above a certificate are not looked at: a chain may be a circle. */
const LONGEST_CHAIN = 10;

/**
 * A certificate that was not accepted, in words. `code` is OpenSSL's (X509_V_ERR_… without its beginning) or
 * ERR_TLS_CERT_ALTNAME_INVALID, `leaf` what the server showed, `now` wall-clock ms.
 */
export function explainCertificate(
  code: string,
  leaf: DetailedPeerCertificate | undefined,
  host: string,
  now: number,
): CertificateFault {
  const chain = chainOf(leaf);
  const issuer = nameOf(leaf?.issuer);
  const aged = agedFault(chain, now);
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      if (isOwnIssuer(chain)) return selfSigned(aged);
      return aged ?? plain('expired', 'a certificate that has expired', code);
    case 'CERT_NOT_YET_VALID':
      if (isOwnIssuer(chain)) return selfSigned(aged);
      return aged ?? plain('not-valid-yet', 'a certificate that is not valid yet', code);
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return selfSigned(aged);
    case 'SELF_SIGNED_CERT_IN_CHAIN':
      return also(
        'unknown-authority',
        aged,
        'a certificate of an unknown authority',
        `it goes back to ${nameOf(chain.at(-1)?.subject) ?? issuer ?? 'an authority'}, which this host does not trust`,
      );
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_GET_ISSUER_CERT':
      return chain.length <= 1
        ? also(
            'incomplete',
            aged,
            'an incomplete certificate chain',
            `the server sends its own certificate alone, not that of its issuer${issuer ? ` ${issuer}` : ''}, and this host does not know that one`,
          )
        : also(
            'incomplete',
            aged,
            'an incomplete certificate chain',
            `the chain ends at ${nameOf(chain.at(-1)?.subject) ?? 'a certificate'}, whose issuer ${nameOf(chain.at(-1)?.issuer) ?? ''} is neither sent nor known here`,
          );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return also(
        'other-name',
        aged,
        'a certificate for another name',
        `it is for ${namesOf(leaf)}, not for ${sanitise(host, 80)}`,
      );
    case 'CERT_REVOKED':
      return plain('revoked', 'a revoked certificate', code);
    case 'CERT_SIGNATURE_FAILURE':
      return plain('unaccepted', 'a certificate whose signature is wrong', code);
    case 'EE_KEY_TOO_SMALL':
    case 'CA_KEY_TOO_SMALL':
    case 'CA_MD_TOO_WEAK':
      return plain('unaccepted', 'a certificate that is too weak', code);
    default:
      return plain('unaccepted', 'a certificate that is not accepted', code);
  }
}

/** OpenSSL tells of the dates first: that it signed itself as well is to be seen. */
const isOwnIssuer = (chain: readonly DetailedPeerCertificate[]): boolean =>
  chain.length === 1 && JSON.stringify(chain[0]?.issuer) === JSON.stringify(chain[0]?.subject);

const selfSigned = (aged: CertificateFault | undefined): CertificateFault =>
  also(
    'self-signed',
    aged,
    'a self-signed certificate',
    'it signed itself, and nobody whom this host trusts vouches for it',
  );

const plain = (trouble: TlsTrouble, short: string, code: string): CertificateFault => ({
  ...{ trouble, short },
  text: `${short} (${code})`,
});

/** A fault of the chain or the name, and one of the dates beside it. */
function also(
  trouble: TlsTrouble,
  aged: CertificateFault | undefined,
  short: string,
  why: string,
): CertificateFault {
  const text = `${short}: ${why}`;
  return aged
    ? { trouble, short: `${short}, out of date as well`, text: `${text}; and ${aged.text}` }
    : { trouble, short, text };
}

/** The first certificate of the chain that is out of its dates. */
function agedFault(chain: readonly DetailedPeerCertificate[], now: number): CertificateFault | undefined {
  for (const [depth, { valid_from, valid_to, subject }] of chain.entries()) {
    const [from, to] = [Date.parse(valid_from), Date.parse(valid_to)];
    const whose =
      depth === 0 ? 'a certificate' : `an issuer's certificate (${nameOf(subject) ?? 'without a name'})`;
    if (to < now) {
      const short = `${whose} that expired ${agoText(now - to)}`;
      return { trouble: 'expired', short, text: `${short}, at ${dateText(to)}` };
    }
    if (from > now) {
      const short = `${whose} that is not valid yet`;
      return {
        ...{ trouble: 'not-valid-yet', short },
        text: `${short}: it begins at ${dateText(from)}, and this host's clock says ${dateText(now)}`,
      };
    }
  }
  return undefined;
}

/**
 * How long what a server shows is valid, by the certificate of its chain that ends first; undefined where it tells none
 * (a session that was resumed). An authority that signed itself is the client's own matter. `now` is wall-clock ms.
 */
export function daysOf(leaf: DetailedPeerCertificate | undefined, now: number): CertificateDays | undefined {
  const spans = chainOf(leaf)
    .filter((one, depth) => depth === 0 || !isOwnIssuer([one]))
    .map(({ valid_from, valid_to }) => ({ from: Date.parse(valid_from), to: Date.parse(valid_to) }))
    .filter(({ from, to }) => Number.isFinite(from) && Number.isFinite(to))
    .sort((a, b) => a.to - b.to);
  const [first] = spans;
  return first && { left: (first.to - now) / DAY_MS, of: (first.to - first.from) / DAY_MS };
}

/** The certificates that were shown, the server's own first. */
function chainOf(leaf: DetailedPeerCertificate | undefined): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  for (let one = leaf; one?.valid_to && chain.length < LONGEST_CHAIN; one = one.issuerCertificate) {
    if (chain.some(({ fingerprint256 }) => fingerprint256 === one?.fingerprint256)) break;
    chain.push(one);
  }
  return chain;
}

/** `yesterday`, `3 h ago`, `12 days ago`. */
function agoText(ms: number): string {
  if (ms < 3_600_000) return `${Math.max(1, Math.round(ms / 60_000))} min ago`;
  if (ms < DAY_MS) return `${Math.floor(ms / 3_600_000)} h ago`;
  return ms < 2 * DAY_MS ? 'yesterday' : `${Math.floor(ms / DAY_MS)} days ago`;
}

const dateText = (at: number): string =>
  Number.isFinite(at)
    ? `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : 'an unreadable date';

function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string | undefined {
  const said = name?.CN ?? name?.O ?? name?.OU;
  const text = Array.isArray(said) ? said.join(', ') : said;
  return text ? `"${sanitise(text, 60)}"` : undefined;
}

function namesOf(leaf: DetailedPeerCertificate | undefined): string {
  const names = (leaf?.subjectaltname ?? '')
    .split(', ')
    .flatMap((name) => name.replace(/^(DNS|IP Address):/, '') || []);
  if (names.length === 0) return nameOf(leaf?.subject) ?? 'no name';
  const shown = names.slice(0, 3).map((name) => sanitise(name, 60));
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
}
