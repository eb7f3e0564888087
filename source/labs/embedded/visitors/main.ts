/** Background traffic: one visitor a second, whether or not the ones before were served. */
import { get } from 'node:http';
import { announceReady, serveControl } from '../service/control.js';
import { textSetting } from '../service/settings.js';

const EVERY_MS = 1_000;
/** A visitor leaves after 5 s without an answer. */
const PATIENCE_MS = 5_000;
/** Open loop, yet bounded: at one a second and 5 s of patience no more can be under way. */
const MOST_UNDER_WAY = 8;

const url = `${textSetting('LAB_APP_URL')}/todos`;
let sent = 0;
let ok = 0;
let failed = 0;

function visit(): void {
  if (sent - ok - failed >= MOST_UNDER_WAY) return;
  sent += 1;
  let settled = false;
  const settle = (problem?: string): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    if (problem === undefined) ok += 1;
    else {
      failed += 1;
      process.stderr.write(`GET /todos failed: ${problem}\n`);
    }
  };
  const request = get(url, { agent: false }, (response) => {
    response.resume();
    response.once('end', () =>
      settle(response.statusCode === 200 ? undefined : `status ${response.statusCode}`),
    );
    response.once('error', (error) => settle(error.message));
  });
  request.once('error', (error) => settle(error.message));
  const timer = setTimeout(() => {
    settle(`no answer within ${PATIENCE_MS / 1_000} s`);
    request.destroy();
  }, PATIENCE_MS);
}

serveControl({ counters: () => ({ sent, ok, failed }) });
setInterval(visit, EVERY_MS);
announceReady([]);
