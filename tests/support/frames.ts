import { readFile } from "node:fs/promises";
import { release } from "node:os";
import { join } from "node:path";

/** Whether the kernel has a place for rules on what leaves an interface, from 5.16 on. */
export function hasEgressRules(): boolean {
  const [major = 0, minor = 0] = release().split(".").map(Number);
  return major > 5 || (major === 5 && minor >= 16);
}

/** A program of perl: `DEVICE GATEWAY PORT WORD` says a word to a port of the gateway in a frame made by hand. */
export async function frameProgram(): Promise<string> {
  return await readFile(join(import.meta.dirname, "say-by-frame.pl"), "utf8");
}

/** A program of perl: `ADDRESS PORT WORD` says a word to a port of an address, everybody's too, in a datagram. */
export const shoutProgram = String.raw`use Socket; my ($to, $port, $word) = @ARGV;
socket(my $s, PF_INET, SOCK_DGRAM, 0) or die; setsockopt($s, SOL_SOCKET, SO_BROADCAST, 1) or die;
send($s, $word, 0, pack_sockaddr_in($port, inet_aton($to))) or print "refused: $!\n";`;
