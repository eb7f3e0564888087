import { debug, debugFile, startDebugLog } from '../debug-log.js';
import { stateDirectory, stateFolder } from '../engines/embedded/state-directory.js';
import { escapedErrors, guardErrors, onFatal } from '../runtime/error-guard.js';
import { withoutLogin } from '../secrets.js';
import { suggestion } from './arguments/nearest.js';
import { type OptionTable, parseOptions } from './arguments/options.js';
import { UsageError } from './arguments/usage-error.js';
import { type Command, type CommandEntry, type CommandIo, EXIT } from './command.js';
import { commandHelp, generalHelp } from './help.js';
import { createIo } from './io.js';
import { type JsonAnswer, jsonAnswer, Refused } from './refused.js';
import { type Ending, listenForEnding } from './signals.js';
import { version } from './version.js';

/** After an error that cannot be survived the command may clean up, but not for longer than this (ms). */
const LAST_RESORT_MS = 10_000;

/**
 * Runs what was typed and resolves to the exit code. What was typed wrong gives one line on standard error and 2; an
 * error that no command expected gives one line and 1; a signal gives 128 and its number once all is cleaned up.
 * What escapes from a part while it runs is told on standard error, and changes neither result nor code.
 */
export async function dispatch(argv: readonly string[], entries: readonly CommandEntry[]): Promise<number> {
  const io = createIo(process.stdout, process.stderr);
  const ending = listenForEnding();
  guardErrors();
  onFatal((error) => endBy(error, ending, io));
  // Node prints a library's warnings to standard error, across the console's screen; they are for its developers.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => debug('program', warning.stack ?? warning.message));
  try {
    const code = await choose(argv, entries, io, ending.signal);
    for (const line of escapedLines()) io.say(line);
    debug('program', `ends with ${ending.code() ?? code}`);
    return ending.code() ?? code;
  } catch (error) {
    return ending.code() ?? tell(error, argv, io);
  } finally {
    io.progress('');
  }
}

async function choose(
  argv: readonly string[],
  entries: readonly CommandEntry[],
  io: CommandIo,
  signal: AbortSignal,
): Promise<number> {
  const [first = '', ...rest] = argv;
  if (first === '--version' || first === '-V' || first === 'version') {
    io.print(version());
    return EXIT.ok;
  }
  if (first === '--help' || first === '-h' || first === 'help') return help(rest[0], entries, io);
  const named = first !== '' && !first.startsWith('-');
  const entry = find(named ? first : '', entries);
  const command = await entry.load();
  const typed = named ? rest : argv;
  // Asked for anywhere before `--`, help wins over what else is wrong on the line.
  const before = typed.includes('--') ? typed.slice(0, typed.indexOf('--')) : typed;
  if (before.includes('--help') || before.includes('-h')) return help(entry.name, entries, io);
  const answer = command.options.json && before.includes('--json') ? jsonAnswer(io, command) : undefined;
  try {
    const args = parseOptions(typed, withHelp(command.options));
    const extra = args.positionals[command.positionals];
    if (extra !== undefined) throw new UsageError(tooMuch(entry.name, extra, command));
    openDebugLog(argv, command, io);
    const run = command.run({ args, io: answer?.io ?? io, signal });
    return await untilEnded(run, signal, command.unwindMs ?? 0);
  } catch (error) {
    if (signal.aborted) throw error;
    return tell(error, argv, io, answer);
  }
}

/** Says what went wrong in one line on standard error, and in JSON where that was asked for; the exit code for it. */
function tell(error: unknown, argv: readonly string[], io: CommandIo, answer?: JsonAnswer): number {
  const message = error instanceof Error ? error.message : String(error);
  const reason = oneLine(error instanceof UsageError ? unsaid(message, argv) : message);
  answer?.refuse(reason);
  io.say(`faultline: ${reason}`);
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof Refused) return error.code;
  if (error instanceof Error) debug('program', error.stack ?? error.message);
  return EXIT.findings;
}

/** A command's result; after a signal it is waited for no longer than `unwindMs`, and then rejects. */
async function untilEnded(run: Promise<number>, signal: AbortSignal, unwindMs: number): Promise<number> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const give = (): void => {
      timer = setTimeout(() => reject(signal.reason), unwindMs);
    };
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([run, late]);
  } finally {
    clearTimeout(timer);
  }
}

function endBy(error: unknown, ending: Ending, io: CommandIo): void {
  const { place, reason } = escapedErrors().at(-1) ?? { place: 'the program', reason: String(error) };
  io.say(`faultline: cannot go on after an error in ${place}: ${reason}`);
  ending.end(EXIT.findings, 'an error that cannot be survived');
  setTimeout(() => process.exit(EXIT.findings), LAST_RESORT_MS).unref();
}

const escapedLines = (): readonly string[] =>
  escapedErrors().map(
    ({ place, reason, count }) =>
      `faultline: went on after ${count > 1 ? `${count} errors` : 'an error'} in ${place}: ${reason}`,
  );

/** What FAULTLINE_DEBUG asks for; where it is written is told to who sees standard error. */
function openDebugLog(argv: readonly string[], command: Command, io: CommandIo): void {
  const path = debugFile(process.env.FAULTLINE_DEBUG, stateDirectory());
  if (path === undefined) return;
  const hasScreen = command.screen === true && process.stdout.isTTY;
  try {
    if (path === debugFile('1', stateDirectory())) stateFolder('');
    startDebugLog(path);
    if (!hasScreen) io.say(`faultline: the debug log is ${path}`);
    debug(
      'program',
      `faultline ${version()}, Node ${process.versions.node}, process ${process.pid}:`,
      ...argv.map((word) => unsaid(word, argv)),
    );
  } catch (error) {
    if (!hasScreen) io.say(`faultline: there is no debug log: ${oneLine(String((error as Error).message))}`);
  }
}

async function help(
  name: string | undefined,
  entries: readonly CommandEntry[],
  io: CommandIo,
): Promise<number> {
  if (name === undefined || name === '' || name.startsWith('-')) io.print(generalHelp(entries, version()));
  else io.print(commandHelp(await find(name, entries).load()));
  return EXIT.ok;
}

function find(name: string, entries: readonly CommandEntry[]): CommandEntry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry) return entry;
  const names = [...entries.map((candidate) => candidate.name).filter(Boolean), 'help', 'version'];
  throw new UsageError(`unknown command ${name}${suggestion(name, names)}`);
}

/** `--help` is taken out before options are parsed; it stands here so that `--hepl` finds it. */
function withHelp(options: OptionTable): OptionTable {
  return { ...options, help: { help: 'this page' } };
}

function tooMuch(name: string, extra: string, command: Command): string {
  return `${extra} is too much for ${`faultline ${name}`.trim()}: usage is ${command.usage}`;
}

/** A text that repeats what was typed, without what may be a password in that: typed wrong, it is no URL either. */
function unsaid(text: string, argv: readonly string[]): string {
  return argv.reduce((said, word) => {
    const value = word.replace(/^--[a-z-]+=/, '');
    return /:.*@|\?.*=/s.test(value) ? said.replaceAll(value, withoutLogin(value)) : said;
  }, text);
}

function oneLine(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}
