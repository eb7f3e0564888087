import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIPv4 } from 'node:net';

/** A certificate and the key that it vouches for; both PEM. */
export interface Certificate {
  readonly pem: string;
  readonly key: string;
  readonly name: string;
}

/** What a certificate is made of. Node can read certificates and not issue them: this writes their DER (RFC 5280). */
export interface CertificateRequest {
  /** Common name of its subject. */
  readonly name: string;
  /** Names and IPv4 addresses that it is for; of an authority none. */
  readonly hosts?: readonly string[];
  /** Who signs it; absent: itself. */
  readonly issuer?: Certificate;
  /** Wall-clock ms of its first moment and its last. */
  readonly from: number;
  readonly to: number;
}

const CN = '550403';
const ECDSA_SHA256 = '2a8648ce3d040302';
const BASIC_CONSTRAINTS = '551d13';
const SUBJECT_ALT_NAME = '551d11';

/** Issues a certificate on a fresh P-256 key: an authority's where it is for no host. */
export function issueCertificate({ name, hosts, issuer, from, to }: CertificateRequest): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid(ECDSA_SHA256));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    sequence(time(from), time(to)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(hosts ? forHosts(hosts) : authority())),
  );
  const signature = sign('sha256', body, issuer?.key ?? privateKey);
  const whole = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  return { name, pem: pemOf(whole), key: keyOf(privateKey) };
}

/** One DER value: its tag, its length, its content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const head =
    length < 0x80
      ? [length]
      : length < 0x100
        ? [0x81, length]
        : [0x82, Math.floor(length / 0x100), length % 0x100];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

const sequence = (...content: readonly Buffer[]): Buffer => der(0x30, ...content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

const distinguishedName = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid(CN), der(0x0c, Buffer.from(name)))));

/** GeneralizedTime to the second: `20260131235959Z`. */
const time = (at: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(at).toISOString().replace(/\..*$|[-T:]/g, '')}Z`));

const extension = (id: string, value: Buffer, ...critical: readonly Buffer[]): Buffer =>
  sequence(oid(id), ...critical, der(0x04, value));

const TRUE = der(0x01, Buffer.from([0xff]));
const authority = (): Buffer => extension(BASIC_CONSTRAINTS, sequence(TRUE), TRUE);

const forHosts = (hosts: readonly string[]): Buffer =>
  extension(
    SUBJECT_ALT_NAME,
    sequence(
      ...hosts.map((host) =>
        isIPv4(host) ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host)),
      ),
    ),
  );

const pemOf = (bytes: Buffer): string =>
  [
    '-----BEGIN CERTIFICATE-----',
    ...(bytes.toString('base64').match(/.{1,64}/g) ?? []),
    '-----END CERTIFICATE-----',
    '',
  ].join('\n');

const keyOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
