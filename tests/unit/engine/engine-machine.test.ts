import { describe, expect, it } from "vitest";
import { waitingPorts } from "../../../src/engine/engine-machine.ts";

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:08EE 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:B1C2 0100007F:08EE 01 00000000:00000000 00:00000000 00000000     0        0 2 1 0 20 4 30 10 -1
`;
const udp = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
  123: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 3 2 0 0
`;

describe("the kernel's tables of sockets", () => {
  it("tell the ports that something waits on, and not those of a connection", () => {
    expect(waitingPorts(tcp)).toEqual([2286]);
    expect(waitingPorts(udp)).toEqual([53]);
  });

  it("tell none where a machine has no such table", () => {
    expect(waitingPorts("")).toEqual([]);
  });
});
