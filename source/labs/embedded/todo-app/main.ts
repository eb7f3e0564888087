/** The lab's application, as a process: the to-do list of the Container Networking Exhaustion document. */
import { announceReady, failToStart, serveControl } from '../service/control.js';
import { listSetting, numberSetting, textSetting } from '../service/settings.js';
import { createDatabase } from './database.js';
import { createBreaker } from './hardening/breaker.js';
import { slotLimit } from './hardening/bulkhead.js';
import { createPool } from './hardening/pool.js';
import { createSwitches } from './hardening/switches.js';
import { createLookup } from './lookup.js';
import { createApp } from './server.js';
import { createSlots } from './slots.js';

try {
  const switches = createSwitches(listSetting('LAB_HARDENING'));
  const lookup = createLookup({
    server: textSetting('LAB_RESOLVER'),
    name: textSetting('LAB_DATABASE_NAME'),
    switches,
    breaker: createBreaker(),
  });
  const config = {
    port: numberSetting('LAB_DATABASE_PORT'),
    database: textSetting('LAB_DATABASE'),
    user: textSetting('LAB_DATABASE_USER'),
    password: textSetting('LAB_DATABASE_PASSWORD'),
    application_name: 'todo-app',
  };
  const database = createDatabase(config, lookup, createPool(config, lookup), switches);
  const slots = createSlots(() => slotLimit(switches.has('bulkhead')));
  switches.onChange(() => slots.refresh());
  const server = createApp(database, slots, switches);
  server.once('error', failToStart);
  server.listen(numberSetting('LAB_PORT', 0), '127.0.0.1', () => {
    const { port } = server.address() as { port: number };
    serveControl({
      counters: () => ({ inFlight: slots.inFlight, waiting: slots.waiting, slots: slots.limit }),
      hardening: (ids) => switches.set(ids as readonly string[]),
    });
    announceReady([{ protocol: 'tcp', port }]);
    process.stdout.write(`listening on http://127.0.0.1:${port}\n`);
  });
} catch (error) {
  failToStart(error);
}
