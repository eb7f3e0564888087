import type { DockerContainer } from '../../../engines/docker/containers/docker-container.js';

/** Where a container stood before it was stopped or taken off a network is remembered for so long (ms). */
const REMEMBERED_MS = 600_000;

export type PlacedContainer = Pick<DockerContainer, 'name' | 'networks' | 'state'>;

interface Place {
  readonly address: string;
  /** Wall-clock ms when it was last so. */
  readonly at: number;
}

const NOWHERE: ReadonlyMap<string, string> = new Map();

/**
 * Which address each container has on each network, or had lately: one that is stopped or disconnected has none, and
 * those who need it still ask at the old one.
 */
export class Places {
  private readonly known = new Map<string, Map<string, Place>>();
  private owners = new Map<string, string>();
  private addresses = new Map<string, ReadonlyMap<string, string>>();

  /** `containers` are all there are; what is not among them is forgotten. */
  update(containers: readonly PlacedContainer[], now: number): void {
    const names = new Set(containers.map(({ name }) => name));
    for (const name of this.known.keys()) if (!names.has(name)) this.known.delete(name);
    this.owners = new Map();
    for (const { name, networks } of containers)
      for (const { address } of networks) if (address !== null) this.owners.set(address, name);
    for (const container of containers) this.place(container, now);
    this.addresses = new Map(
      [...this.known].map(([name, places]) => [
        name,
        new Map([...places].map(([network, { address }]) => [network, address])),
      ]),
    );
  }

  private place({ name, networks }: PlacedContainer, now: number): void {
    const places = this.known.get(name) ?? new Map<string, Place>();
    for (const network of networks) {
      const address = network.address ?? network.formerAddress;
      if (address) places.set(network.name, { address, at: now });
    }
    for (const [network, { address, at }] of places) {
      const owner = this.owners.get(address);
      // Somebody else has the address by now: whoever asks there asks another.
      if (now - at > REMEMBERED_MS || (owner !== undefined && owner !== name)) places.delete(network);
    }
    this.known.set(name, places);
  }

  /** Addresses of a container by network. */
  of(name: string): ReadonlyMap<string, string> {
    return this.addresses.get(name) ?? NOWHERE;
  }

  /** The container that has an address, or else had it. */
  ownerOf(address: string): string | undefined {
    const owner = this.owners.get(address);
    if (owner !== undefined) return owner;
    for (const [name, places] of this.known)
      for (const place of places.values()) if (place.address === address) return name;
    return undefined;
  }
}
