/** What a service reads from its environment; names are the lab's own. */

/** A text that must be there. Throws when it is not. */
export function textSetting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** A whole number from 0 on; `otherwise` when it is not set. Throws when it is not a number. */
export function numberSetting(name: string, otherwise?: number): number {
  const value = process.env[name];
  if (!value && otherwise !== undefined) return otherwise;
  const number = Number(value);
  if (!value || !Number.isInteger(number) || number < 0) throw new Error(`${name} is not a number: ${value}`);
  return number;
}

/** Names separated by commas. */
export function listSetting(name: string): readonly string[] {
  return (process.env[name] ?? '').split(',').filter((item) => item !== '');
}
