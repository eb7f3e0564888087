import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../source/commands/arguments/duration.js';
import { editDistance, nearest, suggestion } from '../../source/commands/arguments/nearest.js';
import { type OptionTable, parseOptions } from '../../source/commands/arguments/options.js';
import { parseScenarioForm } from '../../source/commands/arguments/scenario.js';
import { parseTarget } from '../../source/commands/arguments/target-url.js';

describe('durations', () => {
  it.each([
    ['20s', 20_000],
    ['500ms', 500],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1.5s', 1500],
    ['.5s', 500],
    ['10S', 10_000],
    ['24h', 86_400_000],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text, '--for')).toBe(ms);
  });

  it.each([
    ['-5s', '--for -5s is negative: write a duration like 20s, 500ms or 2m'],
    ['20', '--for 20 has no unit: did you mean 20s?'],
    ['20sec', '--for 20sec has an unknown unit sec: did you mean 20s?'],
    ['3min', '--for 3min has an unknown unit min: did you mean 3m?'],
    ['9millis', '--for 9millis has an unknown unit millis: did you mean 9ms?'],
    ['0s', '--for 0s is no time at all: write a duration like 20s, 500ms or 2m'],
    ['25h', '--for 25h is longer than a day: at most 24h'],
    ['soon', '--for soon is not a duration: write one like 20s, 500ms or 2m'],
    ['1s2s', '--for 1s2s is not a duration: write one like 20s, 500ms or 2m'],
    ['NaNs', '--for NaNs is not a duration: write one like 20s, 500ms or 2m'],
    ['1e3s', '--for 1e3s is not a duration: write one like 20s, 500ms or 2m'],
  ])('refuses %s', (text, message) => {
    expect(() => parseDuration(text, '--for')).toThrow(message);
  });
});

describe('nearest', () => {
  it('counts edits, two that changed places as one', () => {
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('check', 'check')).toBe(0);
    expect(editDistance('chekc', 'check')).toBe(1);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });

  const commands = ['demo', 'check', 'scenarios', 'run', 'undo', 'doctor'];
  it.each([
    ['chek', 'check'],
    ['CHECK', 'check'],
    ['scenario', 'scenarios'],
    ['scen', 'scenarios'],
    ['doc', 'doctor'],
    ['rnu', 'run'],
    ['undoo', 'undo'],
    ['xyz', undefined],
    ['frobnicate', undefined],
  ])('finds what was meant by %s', (typed, meant) => {
    expect(nearest(typed, commands)).toBe(meant);
  });

  it('lists what there is when nothing is near', () => {
    expect(suggestion('xyz', ['a-one', 'b-two'])).toBe(': it is one of a-one, b-two');
    expect(suggestion('a-oen', ['a-one', 'b-two'])).toBe(': did you mean a-one?');
  });
});

describe('options', () => {
  const table: OptionTable = {
    json: { help: '' },
    for: { help: '', value: 'DURATION', example: '20s' },
    target: { help: '', value: 'URL', repeatable: true },
  };

  it('reads switches, values in both forms, repeats and positionals', () => {
    const args = parseOptions(['a', '--json', '--for=3s', '--target', 'x', 'b', '--target', 'y'], table);
    expect(args.positionals).toEqual(['a', 'b']);
    expect(args.flag('json')).toBe(true);
    expect(args.value('for')).toBe('3s');
    expect(args.values('target')).toEqual(['x', 'y']);
    expect(parseOptions([], table).flag('json')).toBe(false);
    expect(parseOptions(['--', '--json'], table).positionals).toEqual(['--json']);
  });

  it.each([
    [['--jsn'], 'unknown option --jsn: did you mean --json?'],
    [['--wat'], 'unknown option --wat: it is one of --json, --for, --target'],
    [['-x'], 'unknown option -x'],
    [['--constructor'], 'unknown option --constructor'],
    [['--for'], '--for needs a value: --for 20s'],
    [['--for', '--json'], '--for needs a value: --for 20s'],
    [['--for='], '--for needs a value: --for 20s'],
    [['--for', '1s', '--for', '2s'], '--for is given twice: give it once'],
    [['--json=yes'], '--json takes no value: write --json'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv, table)).toThrow(message);
  });

  it('leaves a negative value to whoever reads it', () => {
    expect(parseOptions(['--for', '-5s'], table).value('for')).toBe('-5s');
  });
});

describe('targets', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080/'],
    ['HTTPS://Example.org/a?b', 'https://example.org/a?b'],
    ['http://[::1]:3/', 'http://[::1]:3/'],
    ['tcp://DB.internal:5432', 'tcp://db.internal:5432'],
    ['tcp://[::1]:6379/', 'tcp://[::1]:6379'],
    ['unix:/run/app.sock', 'unix:/run/app.sock'],
    ['unix:///run/app.sock:/health?x=1', 'unix:/run/app.sock:/health?x=1'],
    ['http://unix:/run/app.sock:/health', 'unix:/run/app.sock:/health'],
  ])('normalises %s', (typed, url) => {
    expect(parseTarget(typed)).toBe(url);
  });

  it.each([
    ['localhost:80', '--target localhost:80 has no http:// or https://: did you mean http://localhost:80?'],
    ['example.org/x', 'did you mean http://example.org/x?'],
    ['/todos', 'has no http:// or https://'],
    ['ftp://host/x', '--target ftp://host/x is ftp, not http or https: did you mean http://host/x?'],
    ['file:///etc/passwd', 'is file, not http or https'],
    ['http://', 'is not a URL: write one like http://127.0.0.1:8080/'],
    ['http://host:99999/', 'is not a URL'],
    ['http://me:secret@host/', '--target host carries a password'],
    ['tcp://host', 'tcp://host has no port: write one like tcp://host:5432'],
    ['tcp://host:0', 'has no port'],
    ['tcp://host:80/x', 'tcp takes no path'],
    ['tcp://host:99999', 'is not a URL'],
    ['unix:app.sock', 'has no http:// or https://'],
    ['unix:///', 'has no whole path of a socket'],
    ['unix://host/app.sock', 'has no whole path of a socket'],
  ])('refuses %s', (typed, message) => {
    expect(() => parseTarget(typed)).toThrow(message);
  });

  it('does not repeat a password', () => {
    expect(() => parseTarget('http://me:secret@host/')).not.toThrow(/secret/);
  });
});

describe('scenarios in one of their forms', () => {
  it('are a mode, or a mode and the name of a form', async () => {
    expect(await parseScenarioForm('memory-limit')).toMatchObject({
      id: 'memory-limit',
      mode: { id: 'memory-limit' },
      variant: undefined,
    });
    expect(await parseScenarioForm('memory-limit:worker')).toMatchObject({
      mode: { id: 'memory-limit' },
      variant: 'worker',
    });
  });

  it.each([
    ['memory-limt:worker', 'unknown scenario memory-limt'],
    ['memory-limit:workr', 'did you mean worker?; memory-limit has: memory-limit:pid-1, memory-limit:worker'],
    ['memory-limit:', 'unknown form memory-limit:'],
    ['container-kill:hard', 'container-kill has one form only: faultline run container-kill'],
  ])('refuses %s', async (id, message) => {
    await expect(parseScenarioForm(id)).rejects.toThrow(message);
  });
});
