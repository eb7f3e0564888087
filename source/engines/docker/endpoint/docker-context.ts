import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Surroundings, TlsMaterial } from './endpoint.js';

/** What a docker context says of its daemon. */
export interface DockerContext {
  readonly host: string;
  readonly tls: TlsMaterial | null;
}

type Json = Readonly<Record<string, unknown>>;

function parse(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : undefined;
  } catch {
    return undefined;
  }
}

const asText = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const asJson = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});

/** `~/.docker`, or what DOCKER_CONFIG names. */
export function configFolder({ env, home }: Surroundings): string {
  return env.DOCKER_CONFIG || join(home, '.docker');
}

/** `currentContext` of config.json; undefined when there is none or the file cannot be read. */
export function currentContext(around: Surroundings): string | undefined {
  const config = parse(around.readFile(join(configFolder(around), 'config.json')));
  return asText(config?.currentContext) || undefined;
}

/**
 * A context's endpoint from `contexts/meta/<sha256 of its name>/meta.json`, its files from `contexts/tls/<same>/docker`
 * (docker/cli cli/context/store). Undefined when there is none of that name, or it names no host.
 */
export function readContext(name: string, around: Surroundings): DockerContext | undefined {
  const id = createHash('sha256').update(name).digest('hex');
  const contexts = join(configFolder(around), 'contexts');
  const meta = parse(around.readFile(join(contexts, 'meta', id, 'meta.json')));
  const docker = asJson(asJson(meta?.Endpoints).docker);
  const host = asText(docker.Host);
  if (host === undefined || host === '') return undefined;
  const verify = docker.SkipTLSVerify !== true;
  const files = readTls(join(contexts, 'tls', id, 'docker'), around, verify);
  const hasTls = files.ca !== undefined || files.cert !== undefined || !verify;
  return { host, tls: hasTls ? files : null };
}

/** ca.pem, cert.pem and key.pem of a folder, each if it is there. */
export function readTls(folder: string, { readFile }: Surroundings, verify: boolean): TlsMaterial {
  const [ca, cert, key] = ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readFile(join(folder, name)));
  return {
    verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}
