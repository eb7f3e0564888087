import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { inspect } from 'node:util';
import Docker from 'dockerode';
import type { Endpoint } from '../endpoint/endpoint.js';
import { limitCalls } from './call-deadlines.js';
import { limitAnswers } from './limit-answers.js';
import { noteCalls } from './note-calls.js';
import { SshAgent } from './ssh/ssh-agent.js';

/** A client of one endpoint, and the connections it holds. */
export interface Connection {
  readonly docker: Docker;
  /** Closes every connection; what is under way fails. */
  destroy(): void;
}

/**
 * A client for an endpoint; nothing is sent yet. A socket of this host is opened anew for each request (0.1 ms), so
 * that a right that was taken away shows at once; over a network connections are kept. Throws when a key or a
 * certificate cannot be used.
 */
export function connect(endpoint: Endpoint): Connection {
  const agent = shortWords(agentFor(endpoint));
  const docker = withoutDockerVariables(
    () =>
      new Docker({
        agent,
        host:
          endpoint.kind === 'tcp' ? bracketed(endpoint.host) : endpoint.kind === 'ssh' ? 'docker' : undefined,
        port: endpoint.kind === 'tcp' ? endpoint.port : undefined,
        protocol: endpoint.kind === 'tcp' && endpoint.tls !== null ? 'https' : 'http',
        socketPath: endpoint.kind === 'unix' ? endpoint.path : undefined,
        ca: undefined,
        cert: undefined,
        key: undefined,
        timeout: undefined,
        pathPrefix: '/',
      } as Docker.DockerOptions),
  );
  limitCalls(docker);
  const stopLimit = limitAnswers(agent);
  const stopNoting = noteCalls(agent);
  return {
    docker,
    destroy() {
      agent.destroy();
      stopNoting();
      stopLimit();
    },
  };
}

/**
 * The library reads DOCKER_HOST, DOCKER_CERT_PATH and others by itself, whatever it is given, and fails where one of them
 * is left over from another daemon. What they mean is decided before (`resolveEndpoint`).
 */
function withoutDockerVariables<Made>(make: () => Made): Made {
  const hidden = Object.entries(process.env).filter(([name]) => name.startsWith('DOCKER_'));
  for (const [name] of hidden) delete process.env[name];
  try {
    return make();
  } finally {
    Object.assign(process.env, Object.fromEntries(hidden));
  }
}

function agentFor(endpoint: Endpoint): HttpAgent {
  if (endpoint.kind === 'ssh') return new SshAgent(endpoint);
  if (endpoint.kind === 'unix') return new HttpAgent({ keepAlive: false });
  if (endpoint.tls === null) return new HttpAgent({ keepAlive: true, maxFreeSockets: 4 });
  const { ca, cert, key, verify } = endpoint.tls;
  return new HttpsAgent({
    keepAlive: true,
    maxFreeSockets: 4,
    rejectUnauthorized: verify,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  });
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/**
 * The library makes text of each request's options in full depth, its debug output being off or not; of an agent with
 * open connections that took 20 ms of CPU a request (measured with 120 containers).
 */
function shortWords<T extends object>(options: T): T {
  return Object.defineProperty(options, inspect.custom, { value: () => 'agent' });
}
