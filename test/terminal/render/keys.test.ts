import { describe, expect, test } from 'vitest';
import { keyNames } from '../../../source/terminal/key-input.js';

describe('key names', () => {
  test('keys that arrive as one string are taken one by one', () => {
    expect(keyNames('jjj', {})).toEqual(['j', 'j', 'j']);
    expect(keyNames('j k?', {})).toEqual(['j', 'space', 'k', '?']);
    expect(keyNames('q\r', {})).toEqual(['q', 'enter']);
    expect(keyNames(' \x0c\x03', {})).toEqual(['space', 'ctrl-l', 'ctrl-c']);
  });

  test('a paste, an F-key and an Alt combination press nothing', () => {
    expect(keyNames('s'.repeat(65), {})).toEqual([]);
    expect(keyNames('', {})).toEqual([]);
    expect(keyNames('s', { meta: true })).toEqual([]);
    expect(keyNames('[20~x', { ctrl: true })).toEqual([]);
  });

  test('named keys', () => {
    expect(keyNames('', { upArrow: true })).toEqual(['up']);
    expect(keyNames('', { tab: true, shift: true })).toEqual(['shift-tab']);
    expect(keyNames('c', { ctrl: true })).toEqual(['ctrl-c']);
    expect(keyNames('G', { shift: true })).toEqual(['G']);
    expect(keyNames('é', {})).toEqual(['é']);
  });
});
