import { expect, it } from 'vitest';
import { commonEnds, inTurn } from '../../source/diagnosis/facts/common-ends.js';
import type { Connection } from '../../source/diagnosis/facts/connections.js';

/** Connections of nothing but their ends: `a→b`. */
const sick = (...edges: readonly string[]): Connection[] =>
  edges.map((edge) => {
    const [source = '', target = ''] = edge.split('→');
    return { source, target } as Connection;
  });
const told = (ends: ReturnType<typeof commonEnds>): string[] =>
  ends.map(
    ({ name, explained }) => `${name}: ${explained.map(({ source, target }) => source + target).join(' ')}`,
  );

it('the end that most sick connections share comes first, then the one of those that are left', () => {
  expect(told(commonEnds(sick('a→d', 'b→d', 'c→d', 'c→e', 'f→e')))).toEqual(['d: ad bd cd', 'e: ce fe']);
});

it('of one connection alone it is the target, which others would feel as well', () => {
  expect(told(commonEnds(sick('a→b')))).toEqual(['b: ab']);
});

it('an end that may not be one is passed over, and what no end explains is left out', () => {
  expect(told(commonEnds(sick('a→b', 'c→d'), (name) => name === 'a'))).toEqual(['a: ab']);
});

it('an end that explains nothing of what is left stands for all of it, so that the search ends', () => {
  expect(
    inTurn(
      [1, 2],
      () => 'x',
      () => false,
    ),
  ).toEqual([{ name: 'x', explained: [1, 2] }]);
});
