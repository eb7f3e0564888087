import { arch, hostname, platform, release, userInfo } from 'node:os';
import { DockerEngine } from '../../engines/docker/docker-engine.js';
import { readPrettyName } from '../../linux/os-release.js';
import { type Capability, describeCapabilities } from '../../probes/capabilities.js';
import { version } from '../version.js';
import { examineDebugLog } from './debug-log.js';
import { examineDocker } from './docker.js';
import { examineDockerLab } from './docker-lab.js';
import { examineLab } from './lab.js';
import { Patience } from './patience.js';
import { examineTerminal } from './terminal.js';

export const DOCTOR_SCHEMA = 'faultline/doctor/1';

export interface DoctorReport {
  readonly schema: string;
  readonly faultline: string;
  readonly node: string;
  readonly host: { readonly hostname: string; readonly system: string; readonly user: string };
  readonly capabilities: readonly Capability[];
}

/** Tries what Faultline needs, once each. Never rejects for what is missing: that is what it reports. */
export async function examine(): Promise<DoctorReport> {
  const capabilities = await describeCapabilities();
  const engine = new DockerEngine();
  const patience = new Patience();
  try {
    capabilities.push(
      await examineDocker(engine, patience),
      await examineLab(),
      await examineDockerLab(engine, patience),
      ...examineTerminal(process.env, process.stdin, process.stdout),
      examineDebugLog(process.env),
    );
  } finally {
    patience.end();
    await engine.close();
  }
  return {
    schema: DOCTOR_SCHEMA,
    faultline: version(),
    node: process.versions.node,
    host: { hostname: hostname(), system: systemName(), user: userName() },
    capabilities,
  };
}

/** Distribution where it says so, kernel, machine. */
function systemName(): string {
  const name = readPrettyName();
  return [...(name === undefined ? [] : [name]), `${platform()} ${release()} ${arch()}`].join(', ');
}

/** Throws inside a container whose uid has no entry in /etc/passwd. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
