import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSession, type Session } from '../helpers/pty.js';
import { leftAfter, readTraces, stateFolder, sweep, type Traces } from './traces.js';

/** One demonstration as a person goes through it; each test is the next thing that this person does. */
const state = stateFolder();
let session: Session;
let traces: Traces | undefined;
let healthyMs: number;

const HELP = /What changes things/;
const PANELS = /1 Symptoms/;
const NAMED = /✖ The resolver is saturated/;

beforeAll(() => {
  session = openSession(['demo'], { env: { FAULTLINE_STATE_DIR: state.path } });
});

afterAll(async () => {
  session.send('q');
  await session.ended().catch(() => session.pty.kill('SIGKILL'));
  if (traces) sweep(traces);
  state.remove();
});

test('the lab comes up with progress, then the first screen says that all is well and how to break it', async () => {
  await session.until(/FAULTLINE {2}demo · embedded lab/);
  const before = session.bytes().split('\x1b[?1049h')[0];
  expect(before).toMatch(/starting the lab: +\d+ %/);
  const screen = await session.until(/● All is well/);
  expect(screen).toMatch(/s sends a traffic spike/);
  expect(screen.split('\n')[0]).toMatch(/● all well/);
  expect(session.modes()).toMatchObject({ alternateScreen: true, cursorHidden: true, mouse: 'none' });
  traces = readTraces(session.pid(), state.path);
  expect(traces.processes.length).toBeGreaterThanOrEqual(6);
  expect(traces.ports.length).toBeGreaterThanOrEqual(3);
  expect(traces.folders).toHaveLength(1);
});

test('keys answer while all is well', async () => {
  healthyMs = await keyPressMs();
});

test('s: the spike has a progress bar, and then the failure has its name, its evidence and its cure', async () => {
  session.send('s');
  await session.until(/▶ traffic spike: 120 requests at once [█░]+ +\d+ %/);
  const screen = await session.until(NAMED);
  expect(screen).toMatch(/Not the database +SELECT 1 in/);
  expect(screen).toMatch(/Now +r restart todo-app/);
  expect(screen.split('\n')[0]).toMatch(/✖ 1 cause · outage \d\d:\d\d/);
  await session.until(/traffic spike: 120 requests at once: \d+ answered, \d+ timed out/);
  // One connection of ours at a time: the three targets of one listener are asked in turn, each for as long as five seconds.
  await session.until(/✖ GET \/todos +000/);
});

test('while everything is failing a key is on the screen as soon as before', async () => {
  const failingMs = await keyPressMs();
  // A console that waits for a probe or a request would need seconds: a probe of the lab gives up after five.
  expect(failingMs).toBeLessThan(4 * healthyMs + 100);
});

test.each([
  [80, 24],
  [60, 20],
  [20, 5],
  [120, 40],
] as const)('resized to %i×%i in the outage the screen is whole', async (columns, rows) => {
  await session.resize(columns, rows);
  const screen = await session.until((now) =>
    now.split('\n').every((row, y) => isWhole(row, y, columns, rows)),
  );
  if (columns < 40) expect(screen).toContain('needs 40×12');
  else expect(screen).toMatch(NAMED);
  // A picture that stands still must be the same when all of it is drawn anew: nothing of another size is left.
  session.send(' ');
  if (columns >= 40) await session.until('FROZEN');
  const still = structure(session);
  const drawn = session.bytes().length;
  session.send('\x0c');
  await session.until(() => session.bytes().length > drawn && isDeepStrictEqual(structure(session), still));
  session.send(' ');
  await session.until((now) => !now.includes('FROZEN'));
});

test('r: the restart is followed by the recovery checks by itself, they pass, and the time it took is shown', async () => {
  await session.until(NAMED);
  session.send('r');
  await session.until(/restart todo-app +→|todo-app restarted in/);
  const screen = await session.until(/6 of 6 passed/);
  expect(screen).toMatch(/✔ GET \/test-db +passed/);
  const recovered = await session.until(/Recovered {2}MTTR (\d+ min )?\d+ s/);
  expect(recovered).toMatch(/to fix \d/);
  await session.until(/● all well \d\d:\d\d/);
});

test('rows that still count the outage say so beside "all is well"', () => {
  const rows = session.rows().filter((row) => /^│ (HTTP|DNS)/.test(row));
  expect(rows.some((row) => row.includes('◐ over, settling'))).toBe(true);
  expect(rows.some((row) => row.slice(0, 58).includes('✖'))).toBe(false);
});

test('q: the terminal is as it was, and no process, port, directory or manifest is left', async () => {
  const late = readTraces(session.pid(), state.path);
  session.send('q');
  expect(await session.ended()).toEqual({ exitCode: 0, settingsRestored: true });
  expect(session.modes()).toEqual({
    alternateScreen: false,
    cursorHidden: false,
    mouse: 'none',
    paste: false,
  });
  expect(session.text()).not.toMatch(/[╭│╰]/);
  expect(await leftAfter(traces as Traces, state.path)).toEqual([]);
  expect(await leftAfter(late, state.path)).toEqual([]);
});

/** Median milliseconds until the help stands on the screen after `?` and is gone after esc, of ten presses. */
async function keyPressMs(): Promise<number> {
  const took: number[] = [];
  for (let i = 0; i < 5; i++) {
    took.push(await session.press('?', (screen) => HELP.test(screen) && !PANELS.test(screen)));
    took.push(await session.press('\x1b', (screen) => PANELS.test(screen) && !HELP.test(screen)));
  }
  return took.sort((a, b) => a - b)[5] as number;
}

/** Header, frames and footer of this very size. */
function isWhole(row: string, y: number, columns: number, rows: number): boolean {
  if (columns < 40) return row.length <= columns;
  if (y === 0) return row.startsWith(' FAULTLINE');
  if (y === 1) return row.startsWith('╭') && row.length === columns && row.endsWith('╮');
  return y === rows - 1 ? row.includes('q quit') : row.length <= columns;
}

/** The screen without its header, which is live even where the picture is frozen. */
const structure = (of: Session): string[] => of.rows().slice(1);
