import { CannotPlan } from './refusal.js';

/** The name of a fault's nftables table and the comment of its other rules. Throws CannotPlan for an id that is none. */
export function tableName(id: string): string {
  if (!/^f[0-9a-z]{1,30}$/.test(id)) throw new CannotPlan(`${JSON.stringify(id)} is no id of a fault`);
  return `faultline_${id}`;
}

/** A device's name as nft text takes it (dev_valid_name of the kernel allows more; Docker makes none of that). */
export function deviceName(name: string): string {
  if (!/^[A-Za-z0-9_.@-]{1,15}$/.test(name))
    throw new CannotPlan(`the target has a network device with an unusual name: ${JSON.stringify(name)}`);
  return `"${name}"`;
}
