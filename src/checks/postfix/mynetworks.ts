import { addressCount, contains, parseCidr, parseIpv4, type Ipv4Network } from "../../model/ipv4.ts";
import { entriesOf, isMainCfUntouched, parameterCheck } from "./parameter.ts";

/** Whole networks that a class may trust by mistake; anything wider than this is more than the lab. */
const narrowestPrefix = 16;

/** `mynetworks`: whose mail is sent on without a password, the lab's network and the loopback. */
export const mynetworks = parameterCheck({
  step: "6.02",
  name: "mynetworks",
  title: { en: "Postfix trusts the lab's network and localhost", ja: "mynetworks（信頼するネットワーク）" },
  bookValue: (_host, { lab }) => `${lab.subnet} 127.0.0.0/8`,
  isUntouched: isMainCfUntouched,
  judge: (value, { lab }) => {
    const networks = entriesOf(value).flatMap((entry) => networkOf(entry) ?? []);
    const lan = parseCidr(lab.subnet);
    const loopback = parseCidr("127.0.0.0/8");
    const wide = networks.find(
      (network) => network.prefixLength < narrowestPrefix && network.base !== loopback?.base,
    );
    if (wide !== undefined) {
      return {
        isRight: false,
        cause: "relay-open",
        hint: {
          en: "So wide a network makes this host relay for strangers.",
          ja: "範囲が広すぎ、見知らぬ相手のメールまで中継してしまいます。",
        },
      };
    }
    const isCovered = (wanted: Ipv4Network | undefined, least: number): boolean =>
      wanted !== undefined &&
      networks.some(
        (network) =>
          contains(network, wanted.base) && addressCount(network) >= Math.min(least, addressCount(wanted)),
      );
    if (!isCovered(lan, Infinity)) {
      return {
        isRight: false,
        cause: "network-missing",
        hint: {
          en: `The lab's network ${lab.subnet} is not in it.`,
          ja: `実習のネットワーク ${lab.subnet} が含まれていません。`,
        },
      };
    }
    const hasLoopback = networks.some(
      ({ base }) => base >= (parseIpv4("127.0.0.0") ?? 0) && base < (parseIpv4("128.0.0.0") ?? 0),
    );
    if (!hasLoopback) {
      return {
        isRight: false,
        cause: "localhost-missing",
        hint: {
          en: "localhost's network 127.0.0.0/8 is not in it.",
          ja: "localhostのネットワーク 127.0.0.0/8 が含まれていません。",
        },
      };
    }
    const bookEntries = new Set([lab.subnet, "127.0.0.0/8"]);
    const more = entriesOf(value).filter((entry) => !bookEntries.has(entry));
    return more.length === 0
      ? { isRight: true }
      : {
          isRight: true,
          note: {
            en: `It also has ${more.join(", ")}, which the book does not.`,
            ja: `教科書にない ${more.join(", ")} も含まれています。`,
          },
        };
  },
});

/** `192.168.1.0/24` or a single address. */
function networkOf(entry: string): Ipv4Network | undefined {
  const address = parseIpv4(entry);
  return address === undefined ? parseCidr(entry) : { base: address, prefixLength: 32 };
}
