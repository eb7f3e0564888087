import { describe, expect, it } from 'vitest';
import { isOwnConnection, noteOwnConnection } from '../../source/probes/own-connections.js';

describe('connections of ours', () => {
  it('are known at both ends, and for as long as TIME-WAIT lasts', () => {
    // Later than any that was made before.
    const at = 1_000_000_000;
    noteOwnConnection(40_001, 5432, at);
    expect(isOwnConnection(40_001, 5432)).toBe(true);
    expect(isOwnConnection(5432, 40_001)).toBe(true);
    expect(isOwnConnection(40_001, 6379)).toBe(false);
    noteOwnConnection(40_002, 5432, at + 60_000);
    expect(isOwnConnection(40_001, 5432)).toBe(true);
    noteOwnConnection(40_003, 5432, at + 120_000);
    expect(isOwnConnection(40_001, 5432)).toBe(false);
    expect(isOwnConnection(40_002, 5432)).toBe(true);
  });
});
