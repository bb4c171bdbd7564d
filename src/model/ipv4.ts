/** An IPv4 network in CIDR notation, taken apart. */
export interface Ipv4Network {
  /** The network's own address as a 32-bit number. */
  readonly base: number;
  /** 0 to 32. */
  readonly prefixLength: number;
}

/** No octet with a leading zero: one address has one text, and some programs read such an octet as octal. */
const addressPattern = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/** The address as a 32-bit number, or `undefined` where `text` is no dotted-quad address. */
export function parseIpv4(text: string): number | undefined {
  const octets = addressPattern.exec(text)?.slice(1).map(Number);
  if (octets === undefined || octets.some((octet) => octet > 255)) return undefined;
  return octets.reduce((address, octet) => address * 256 + octet, 0);
}

/** Dotted-quad text of a 32-bit address. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** The network that `text` (`192.168.1.0/24`) names, or `undefined` where it is none or has host bits set. */
export function parseCidr(text: string): Ipv4Network | undefined {
  const [addressText, prefixText, ...rest] = text.split("/");
  const base = parseIpv4(addressText ?? "");
  if (base === undefined || prefixText === undefined || rest.length > 0 || !/^\d{1,2}$/.test(prefixText))
    return undefined;
  const prefixLength = Number(prefixText);
  if (prefixLength > 32 || base % 2 ** (32 - prefixLength) !== 0) return undefined;
  return { base, prefixLength };
}

/** How many addresses the network has, its own and the broadcast address included. */
export function addressCount(network: Ipv4Network): number {
  return 2 ** (32 - network.prefixLength);
}

/** Whether the address lies in the network. */
export function contains(network: Ipv4Network, address: number): boolean {
  return address >= network.base && address < network.base + addressCount(network);
}

/** Whether two networks share an address. */
export function overlaps(left: Ipv4Network, right: Ipv4Network): boolean {
  return contains(left, right.base) || contains(right, left.base);
}

/** The network's address number `index`, counted from its base: 1 is the usual gateway. */
export function addressAt(network: Ipv4Network, index: number): string {
  return formatIpv4(network.base + index);
}
