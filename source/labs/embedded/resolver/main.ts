/** The lab's resolver, as a process. */
import { announceReady, failToStart, serveControl } from '../service/control.js';
import { listSetting, numberSetting } from '../service/settings.js';
import { startResolver } from './server.js';
import { ZONE } from './zone.js';

const LOOPBACK = '127.0.0.1';

try {
  const names = new Map(listSetting('LAB_NAMES').map((name) => [name, LOOPBACK]));
  const server = await startResolver({
    port: numberSetting('LAB_PORT', 0),
    serviceMs: numberSetting('LAB_SERVICE_MS', 20),
    queueMax: numberSetting('LAB_QUEUE', 256),
    names,
  });
  server.setNewestFirst(listSetting('LAB_HARDENING').includes('lifo'));
  serveControl({
    counters: () => server.counters(),
    remember: (name) => void names.set(String(name), LOOPBACK),
    forget: (name) => names.delete(String(name)),
    hardening: (ids) => server.setNewestFirst((ids as readonly string[]).includes('lifo')),
  });
  announceReady([
    { protocol: 'udp', port: server.port },
    { protocol: 'tcp', port: server.port },
  ]);
  process.stdout.write(`serving ${ZONE} on ${LOOPBACK}:${server.port}\n`);
} catch (error) {
  failToStart(error);
}
