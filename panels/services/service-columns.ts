import type { ServiceSample } from '../../source/probes/samples.js';
import type { FaultlineState } from '../../source/store/state.js';
import { roughly } from '../../source/terminal/format.js';
import type { Tone } from '../../source/terminal/theme.js';
import type { Column, Value } from '../widgets/table.js';

/** The columns of a table of services, and what stands in them for one of them. */
export interface ServiceColumns {
  readonly columns: readonly Column[];
  /** `name` is the tone of its name. */
  values(service: ServiceSample, state: FaultlineState, name: Tone | undefined): readonly Value[];
}

/** A figure, or a dash for one that is not known. */
export const orDash = (value: number | null, text: (value: number) => string): string =>
  value === null ? '–' : text(value);

/** How the last of its lives ended, and when; empty for one that never ended. */
export function lastExitText({ lastExit }: ServiceSample, now: number): string {
  return lastExit ? `${lastExit.meaning}, ${roughly(now - lastExit.at)} ago` : '';
}
