import { BlockList, isIP } from "node:net";

interface Subnet {
  readonly address: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

function parseSubnet(text: string): Subnet | undefined {
  const [address = "", prefix = ""] = text.split("/");
  const version = isIP(address);
  if (version === 0 || !/^\d{1,3}$/u.test(prefix)) return undefined;
  const bits = Number(prefix);
  if (bits > (version === 4 ? 32 : 128)) return undefined;
  return { address, prefix: bits, family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether two subnets such as `192.168.1.0/24` have an address in common; false for what is no subnet. */
export function overlaps(left: string, right: string): boolean {
  const a = parseSubnet(left);
  const b = parseSubnet(right);
  if (a === undefined || b === undefined || a.family !== b.family) return false;
  // Of two subnets that overlap, one lies inside the other.
  const [wide, narrow] = a.prefix <= b.prefix ? [a, b] : [b, a];
  const list = new BlockList();
  list.addSubnet(wide.address, wide.prefix, wide.family);
  return list.check(narrow.address, narrow.family);
}
