/** A report job with a leak: it opens a connection for each page and closes none, until there is none left to open. */
import pg from 'pg';
import { announceReady, failToStart, serveControl } from '../service/control.js';
import { numberSetting, textSetting } from '../service/settings.js';

const AT_ONCE = 8;
const RETRY_MS = 250;
/** SQLSTATE too_many_connections (PostgreSQL manual, appendix A). */
const TOO_MANY = '53300';

const config: pg.ClientConfig = {
  host: '127.0.0.1',
  port: numberSetting('LAB_DATABASE_PORT'),
  database: textSetting('LAB_DATABASE'),
  user: textSetting('LAB_DATABASE_USER'),
  password: textSetting('LAB_DATABASE_PASSWORD'),
  application_name: 'report-job',
};
const held = new Set<pg.Client>();

/** Opens connections until one is refused. */
async function holdMore(): Promise<void> {
  for (;;) {
    const client = new pg.Client(config);
    client.on('error', () => held.delete(client));
    try {
      await client.connect();
      held.add(client);
    } catch (error) {
      if ((error as { code?: string }).code === TOO_MANY) return;
      throw error;
    }
  }
}

try {
  serveControl({ counters: () => ({ held: held.size }) });
  await Promise.all(Array.from({ length: AT_ONCE }, holdMore));
  process.stdout.write(`holding ${held.size} connections\n`);
  announceReady([]);
  // A slot that another client gives back is taken within a quarter of a second, one try at a time.
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    await holdMore().catch((error: Error) => process.stderr.write(`${error.message}\n`));
  }
} catch (error) {
  failToStart(error);
}
