import type { History } from '../../store/history.js';
import { duration, listed, plural } from '../../terminal/format.js';
import { splitAddress } from './addresses.js';
import type { MovedName, StaleAddress } from './removed.js';
import type { StaleCase } from './stale-cases.js';

/** How long ago a wall-clock time was. */
export const agoText = (history: History, at: number): string =>
  `${duration(Math.max(0, history.now - at))} ago`;

/** Names that still give the address. */
export const stillGiven = ({ addresses }: StaleCase): string[] =>
  [...new Set(addresses.flatMap(({ names }) => names))].slice(0, 2);

/** Where the name went, of those that moved. */
export const movedOf = ({ addresses: [first] }: StaleCase): MovedName | undefined => first?.moved;

/** From where to where its name went, where it moved. */
export function movedText(history: History, one: StaleCase): string[] {
  const moved = movedOf(one);
  return moved
    ? [
        `${moved.name} gave ${moved.from} until ${agoText(history, moved.at)}, and gives ${listed(moved.to)} now`,
      ]
    : [];
}

/** What it is, in one sentence; without figures that change from look to look. */
export function staleTitle(history: History, one: StaleCase, who: string): string {
  const { name, clients, isOwner, owners, removedAt } = one;
  const asks = `${who} still ${clients.length > 1 ? 'ask' : 'asks'} for it`;
  const ago = removedAt === undefined ? '' : agoText(history, removedAt);
  if (isOwner) return `${name} was removed ${ago}, and ${asks}`;
  const moved = movedOf(one);
  if (moved) {
    const held = one.addresses[0]?.heldBy;
    const where = held === undefined ? 'the old address' : `the old address, which ${held} has now`;
    return `${moved.name} moved from ${moved.from} to ${listed(moved.to.slice(0, 2))}, and ${who} still ${clients.length > 1 ? 'ask' : 'asks'} at ${where}`;
  }
  const names = owners.slice(0, 4).map((owner) => owner.name);
  const given = stillGiven(one);
  const whose =
    owners.length === 0
      ? given.length > 0
        ? `${listed(given)} still ${given.length > 1 ? 'give' : 'gives'} it`
        : one.addresses.some(({ silentOn }) => silentOn !== undefined)
          ? 'nobody on its wire has it'
          : 'no container has it'
      : `it was that of ${names.join(' or ')}, removed ${ago}`;
  return `Nobody is at ${splitAddress(name).host} any more, and ${asks}: ${whose}`;
}

/** By what it is asked for. */
export function howAsked({ addresses, byName }: StaleCase): string {
  const at = addresses.length > 0 ? [`at ${listed(addresses.map(({ address }) => address))}`] : [];
  return `asked for ${[...at, ...(byName.length > 0 ? ['by its name'] : [])].join(' and ')}`;
}

/** What came of those who asked at the address in the last `windowMs`. */
export function triesText(one: StaleAddress, windowMs: number): string {
  const { address, waiting, failed, silentOn, heldBy, opened = 0 } = one;
  const lately = `in ${windowMs / 1000} s`;
  const tries = [
    ...(waiting > 0 ? [`${plural(waiting, 'connection')} without an answer to the SYN`] : []),
    ...(failed > 0 ? [`${plural(failed, 'attempt')} failed ${lately}`] : []),
    ...(opened > 0 ? [`${plural(opened, 'connection')} taken by ${heldBy} ${lately}`] : []),
  ].join(', ');
  const silence = silentOn === undefined ? '' : `, and nobody has it on ${silentOn}`;
  return `${address}: ${tries || 'no connection comes about'}${silence}`;
}
