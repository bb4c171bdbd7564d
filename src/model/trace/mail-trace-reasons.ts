import type { TraceReason } from "./mail-trace.ts";
import { quoteWord } from "../quote-word.ts";
import type { Text } from "../text.ts";

/** What went wrong, where. */
export interface Failure {
  readonly dsn?: string;
  /** What the log has. */
  readonly said: string;
  /** The host whose log it is. */
  readonly host: string;
  /** The lab's host that it was to be given to, or that refused it. */
  readonly relayHost?: string;
  /** The recipient's domain. */
  readonly domain?: string;
  /** Given to the commands that are named, where the lab is not the default one: ` --stack NAME`. */
  readonly stackWords: string;
}

type Explanation = (failure: Failure) => Pick<TraceReason, "meaning" | "next">;

function exec({ stackWords }: Failure, host: string, command: string): string {
  return `./lab exec ${host}${stackWords} -- ${command}`;
}

function both(meaning: Text, next: string | Text): Pick<TraceReason, "meaning" | "next"> {
  return { meaning, next: typeof next === "string" ? { en: next, ja: next } : next };
}

/** The host that decided: the one that it was to be given to, else the one that logged it. */
function decider({ host, relayHost }: Failure): string {
  return relayHost ?? host;
}

/** Postfix's words, most telling first, with what they mean. */
const explanations: readonly (readonly [RegExp, Explanation])[] = [
  [
    /forwarding loop/,
    (failure) =>
      both(
        {
          en: "the mail came by a second time: a .forward or an alias sends it back to where it has been",
          ja: "同じメールが戻ってきました。.forward や別名（alias）による転送が輪になっています",
        },
        exec(failure, failure.host, "'cat /home/*/.forward; grep -v ^# /etc/aliases'"),
      ),
  ],
  [
    /too many hops/,
    (failure) =>
      both(
        {
          en: "the mail went from server to server too often: two of them take each other for the mail's host",
          ja: "サーバー間を回り続けました。互いに相手を宛先のサーバーだと思っています",
        },
        exec(failure, failure.host, "postconf mydestination relayhost"),
      ),
  ],
  [
    /loops back to myself/,
    (failure) =>
      both(
        {
          en: `the domain's MX is ${failure.host} itself, which doesn't take the domain for its own (mydestination)`,
          ja: `MXは${failure.host}自身を指していますが、そのドメインがmydestinationに入っていません`,
        },
        exec(failure, failure.host, "postconf mydestination"),
      ),
  ],
  [
    /Relay access denied/,
    (failure) =>
      both(
        {
          en: `${decider(failure)} passes mail on for its own network (mynetworks) and for who has logged in; this client is neither, and the recipient's domain isn't its own`,
          ja: `${decider(failure)}が中継するのは、mynetworksのクライアントと、SMTP認証をしたクライアントだけです。このクライアントはどちらでもなく、宛先も自分のドメインではありません`,
        },
        exec(failure, decider(failure), "postconf mynetworks mydestination smtpd_recipient_restrictions"),
      ),
  ],
  [
    /[Uu]nknown user|User unknown|User doesn't exist/,
    (failure) =>
      both(
        {
          en: `${decider(failure)} has neither an account nor an alias of that name`,
          ja: `${decider(failure)}に、その名前のユーザーも別名（alias）もありません`,
        },
        `./lab passwords${failure.stackWords}`,
      ),
  ],
  [
    /size .*exceeds|exceeds .*size|file too big|size limit exceeded/,
    (failure) =>
      both(
        {
          en: `the mail is larger than ${decider(failure)} takes (message_size_limit)`,
          ja: `メールが${decider(failure)}の上限（message_size_limit）を超えています`,
        },
        exec(failure, decider(failure), "postconf message_size_limit"),
      ),
  ],
  [
    /Invalid authentication mechanism/,
    (failure) =>
      both(
        {
          en: "the mail program wanted to log in by a method that the server doesn't offer",
          ja: "サーバーが対応していない方式で認証しようとしました",
        },
        exec(failure, failure.host, "grep -rn ^auth_mechanisms /etc/dovecot"),
      ),
  ],
  [
    /authentication failure|authentication failed|reason unavailable|Password:/,
    ({ stackWords }) =>
      both(
        {
          en: "user name or password is wrong (Postfix asks Dovecot, and isn't told which)",
          ja: "ユーザー名かパスワードが違います（PostfixはDovecotに確認するだけで、どちらかは分かりません）",
        },
        `./lab passwords${stackWords}`,
      ),
  ],
  [
    /Connection refused/,
    ({ relayHost, stackWords }) =>
      both(
        {
          en: `nobody listens on that port of ${relayHost ?? "the next server"}: Postfix isn't running there, or only for itself (inet_interfaces)`,
          ja: `${relayHost ?? "次のサーバー"}のそのポートで待ち受けるプログラムがありません。Postfixが動いていないか、inet_interfacesが自分だけになっています`,
        },
        `./lab status${stackWords}`,
      ),
  ],
  [
    /timed out|No route to host|unreachable/,
    ({ relayHost, stackWords }) =>
      both(
        {
          en: `${relayHost ?? "the next server"} doesn't answer; it may not be running`,
          ja: `${relayHost ?? "次のサーバー"}から応答がありません。動いているか確かめてください`,
        },
        `./lab status${stackWords}`,
      ),
  ],
  [
    /Name service error.*try again/,
    (failure) =>
      both(
        {
          en: "the DNS server gave no usable answer, so Postfix asks again later",
          ja: "DNSサーバーから使える答えが得られないため、Postfixは後でもう一度問い合わせます",
        },
        exec(failure, failure.host, `dig MX ${quoteWord(failure.domain ?? "example2.test")}`),
      ),
  ],
  [
    /Name service error|Domain not found|Host not found|does not accept mail/,
    (failure) =>
      both(
        {
          en: "DNS knows no mail host of that domain: a typing error in the address, or its zone lacks it",
          ja: "DNSにそのドメインのメールサーバーがありません。宛先の打ち間違いか、ゾーンの不足です",
        },
        exec(failure, failure.host, `dig MX ${quoteWord(failure.domain ?? "example2.test")}`),
      ),
  ],
  [
    /mailbox.*(?:full|exceeded)|over quota|File too large|No space left/,
    (failure) =>
      both(
        {
          en: "the mailbox or the disk is full",
          ja: "メールボックスかディスクがいっぱいです",
        },
        exec(failure, failure.host, "'df -h /var/mail; postconf mailbox_size_limit'"),
      ),
  ],
  [
    /cannot update mailbox|unable to create lock|cannot open file|[Pp]ermission denied/,
    (failure) =>
      both(
        {
          en: `${failure.host} may not write to the mailbox`,
          ja: `${failure.host}がメールボックスに書き込めません`,
        },
        exec(failure, failure.host, "ls -ld /var/mail /var/mail/*"),
      ),
  ],
  [
    /transport unavailable|unknown mail transport|[Cc]onfiguration error|Temporary lookup failure|Internal error/,
    (failure) =>
      both(
        {
          en: `something in the configuration of ${decider(failure)} is wrong`,
          ja: `${decider(failure)}の設定に誤りがあります`,
        },
        `./lab check${failure.stackWords} --host ${decider(failure)}`,
      ),
  ],
  [
    /lost connection|Connection reset|client went away/,
    (failure) =>
      both(
        {
          en: "the connection broke off before the mail was handed over",
          ja: "メールを渡し終える前に接続が切れました",
        },
        `./lab logs${failure.stackWords} --host ${decider(failure)}`,
      ),
  ],
  [
    /returned to sender/,
    (failure) =>
      both(
        {
          en: "it had waited in the queue as long as Postfix lets it (maximal_queue_lifetime)",
          ja: "キューに入れておける期限（maximal_queue_lifetime）が過ぎました",
        },
        exec(failure, failure.host, "postconf maximal_queue_lifetime"),
      ),
  ],
  [
    /address rejected|command rejected|host rejected|Access denied/,
    (failure) =>
      both(
        {
          en: `a rule of ${decider(failure)} refuses this address or client`,
          ja: `${decider(failure)}の規則が、このアドレスかクライアントを拒否しました`,
        },
        exec(failure, decider(failure), "'postconf -n | grep restrictions'"),
      ),
  ],
];

/** Says what a failure means and what to look at next; where the words are none of the known ones, by the code's class. */
export function explainFailure(failure: Failure): TraceReason {
  const { dsn, said } = failure;
  const [, explanation = byClass] = explanations.find(([pattern]) => pattern.test(said)) ?? [];
  return { ...(dsn === undefined ? {} : { dsn }), said, ...explanation(failure) };
}

function byClass(failure: Failure): Pick<TraceReason, "meaning" | "next"> {
  const isPassing = failure.dsn?.startsWith("4") === true;
  return both(
    isPassing
      ? { en: "a failure that may pass (4.x.x)", ja: "一時的な失敗です（4.x.x）" }
      : { en: "a failure that will not pass by itself", ja: "待っても直らない失敗です" },
    `./lab logs${failure.stackWords} --host ${decider(failure)}`,
  );
}
