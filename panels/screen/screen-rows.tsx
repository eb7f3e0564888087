import { Box, Text } from 'ink';
import { memo } from 'react';
import { width } from '../../source/terminal/sanitise.js';
import { toAscii } from '../../source/terminal/symbols.js';
import { THEME } from '../../source/terminal/theme.js';
import type { Line } from '../panel.js';

/**
 * The screen drawn through Ink, where no painter is given. A screen is one text a row, whatever the number of panels:
 * Ink lays out and measures each mounted node in every frame, so the cost of a tick is the number of rows.
 */
export function ScreenRows({ rows, ascii }: { readonly rows: readonly Line[]; readonly ascii: boolean }) {
  return (
    <Box flexDirection="column">
      {rows.map((line, index) => (
        // Rows never change places: their index is what they are.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <Row key={index} line={line} ascii={ascii} />
      ))}
    </Box>
  );
}

const isWide = (character: string) => width(character) === 2;

const Row = memo(function Row({ line, ascii }: { readonly line: Line; readonly ascii: boolean }) {
  return (
    <Text wrap="truncate">
      {line.map((part, index) => {
        const text = ascii ? toAscii(part.text, isWide) : part.text;
        return part.tone ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity
          <Text key={index} {...THEME[part.tone]}>
            {text}
          </Text>
        ) : (
          text
        );
      })}
    </Text>
  );
}, same);

function same(
  before: { readonly line: Line; readonly ascii: boolean },
  after: { readonly line: Line; readonly ascii: boolean },
): boolean {
  return (
    before.ascii === after.ascii &&
    before.line.length === after.line.length &&
    before.line.every((part, index) => {
      const other = after.line[index];
      return part.text === other?.text && part.tone === other.tone;
    })
  );
}
