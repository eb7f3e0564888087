// The Docker Engine's API over its socket, for scripts that run before anything is installed.
import { request } from 'node:http';

export const SOCKET = '/var/run/docker.sock';

/** One request to the engine: its status and body. Rejects when it does not answer within `ms`. */
export function ask(method, path, ms = 2_000, body) {
  return new Promise((done, fail) => {
    const call = request({ socketPath: SOCKET, method, path, timeout: ms, headers: { host: 'docker' } });
    call.on('timeout', () => call.destroy(new Error(`no answer within ${ms} ms`)));
    call.on('error', fail);
    call.on('response', (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => {
        text += chunk;
      });
      answer.on('end', () => done({ status: answer.statusCode, text }));
      answer.on('error', fail);
    });
    if (body) body.on('error', fail).pipe(call);
    else call.end();
  });
}

export const answers = () =>
  ask('GET', '/_ping')
    .then(({ status }) => status === 200)
    .catch(() => false);

/**
 * Names of all containers, networks and volumes there are, one line each; empty where no engine answers. A container's
 * state is not among it: it is told by its age ("Exited (0) 2 hours ago"), which makes another line of the same thing.
 */
export async function inventory() {
  const json = async (path) => JSON.parse((await ask('GET', path, 10_000)).text);
  try {
    const containers = await json('/containers/json?all=1');
    const networks = await json('/networks');
    const volumes = await json('/volumes');
    return [
      ...containers.map(({ Names, Image }) => `container ${Names?.[0]} (${Image})`),
      ...networks.map(({ Name }) => `network ${Name}`),
      ...(volumes.Volumes ?? []).map(({ Name }) => `volume ${Name}`),
    ];
  } catch {
    return [];
  }
}
