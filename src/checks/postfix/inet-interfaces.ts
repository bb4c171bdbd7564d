import { entriesOf, isMainCfUntouched, parameterCheck } from "./parameter.ts";

const loopbackNames: ReadonlySet<string> = new Set(["localhost", "loopback-only", "127.0.0.1", "$localhost"]);

/** `inet_interfaces`: the addresses on which Postfix takes mail, the host's own and localhost. */
export const inetInterfaces = parameterCheck({
  step: "6.02",
  name: "inet_interfaces",
  title: {
    en: "Postfix takes mail on localhost and the host's address",
    ja: "inet_interfaces（受け付けるアドレス）",
  },
  bookValue: ({ address }) => `localhost, ${address}`,
  isUntouched: isMainCfUntouched,
  judge: (value, { host, others }) => {
    const entries = entriesOf(value);
    if (entries.includes("all")) {
      return {
        isRight: true,
        note: {
          en: `“all” works and takes mail on every address; the book names localhost and ${host.address} alone.`,
          ja: `「all」でも動作します（すべてのアドレスで受け付け）。教科書では localhost と ${host.address} だけです。`,
        },
      };
    }
    const foreign = others.map((other) => other.host.address);
    if (entries.some((entry) => foreign.includes(entry)) && !entries.includes(host.address)) {
      return {
        isRight: false,
        cause: "value-of-other-host",
        hint: {
          en: `This host's address is ${host.address}.`,
          ja: `このホストのアドレスは ${host.address} です。`,
        },
      };
    }
    const names = [host.address, host.mailName, `${host.name}.${host.domain}`, host.hostname];
    if (!entries.some((entry) => names.includes(entry))) {
      return {
        isRight: false,
        cause: "own-address-missing",
        hint: {
          en: `Without ${host.address} no other host can deliver mail here.`,
          ja: `${host.address} がないと、ほかのホストからのメールを受け取れません。`,
        },
      };
    }
    if (!entries.some((entry) => loopbackNames.has(entry))) {
      return {
        isRight: false,
        cause: "localhost-missing",
        hint: {
          en: "Without localhost the host does not take its own mail.",
          ja: "localhostがないと、自分自身からのメールを受け付けません。",
        },
      };
    }
    const hasMore = entries.length > 2;
    const isWritten = entries.includes("localhost") && entries.includes(host.address) && !hasMore;
    return isWritten
      ? { isRight: true }
      : {
          isRight: true,
          note: {
            en: `${entries.join(", ")} works; the book writes localhost, ${host.address}.`,
            ja: `${entries.join(", ")} でも動作します。教科書の書き方は localhost, ${host.address} です。`,
          },
        };
  },
});
