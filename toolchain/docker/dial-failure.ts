import { sameText, type LocalText } from "../local-text.ts";

/** Why an engine on another machine could not be reached, and what to do. */
export interface DialFailure {
  readonly code:
    | "LAB_ENGINE_HOST_KEY"
    | "LAB_ENGINE_SSH_REFUSED"
    | "LAB_ENGINE_TLS"
    | "LAB_ENGINE_CONTEXT"
    | "LAB_ENGINE_NO_ANSWER";
  /** A part of a sentence, without a full stop. */
  readonly reason: LocalText;
  readonly hint: LocalText;
}

/** OpenSSH's, Docker's and Go's words for what is wrong, the more telling ones first. */
const causes: readonly (Omit<DialFailure, "hint"> & { readonly words: RegExp; readonly hint: LocalText })[] =
  [
    {
      code: "LAB_ENGINE_HOST_KEY",
      words: /REMOTE HOST IDENTIFICATION HAS CHANGED/,
      reason: {
        en: "another machine answers there than before, or its ssh host key was made anew; nothing was sent to it",
        ja: "以前とは別のマシンが応答しているか、そのsshホスト鍵が作り直されています。何も送っていません",
      },
      hint: {
        en: "ask whoever keeps that machine; only if the key is really new: ssh-keygen -R HOST, then ssh HOST once",
        ja: "そのマシンの管理者に確認してください。鍵が本当に新しい場合だけ: ssh-keygen -R ホスト のあと、一度 ssh ホスト",
      },
    },
    {
      code: "LAB_ENGINE_HOST_KEY",
      words: /Host key verification failed|No .* host key is known/,
      reason: {
        en: "this machine does not know its ssh host key yet",
        ja: "そのsshホスト鍵はまだこのマシンに登録されていません",
      },
      hint: {
        en: "ssh to it once by hand, compare the fingerprint, and say yes",
        ja: "一度手でsshして、指紋を確かめてから yes と答えてください",
      },
    },
    {
      code: "LAB_ENGINE_SSH_REFUSED",
      words: /permission denied while trying to connect to the Docker|dial unix .*permission denied/i,
      reason: {
        en: "ssh lets this user in, and Docker there does not let it use the engine",
        ja: "sshでは入れますが、このユーザーにはそこのDockerを使う権限がありません",
      },
      hint: {
        en: "on that machine: sudo usermod -aG docker USER",
        ja: "そのマシンで: sudo usermod -aG docker ユーザー",
      },
    },
    {
      code: "LAB_ENGINE_SSH_REFUSED",
      words: /Permission denied \(|Too many authentication failures/,
      reason: { en: "ssh there refuses this user or key", ja: "そこのsshがこのユーザーか鍵を拒否しました" },
      hint: {
        en: "ssh USER@HOST must work without a question: ssh-copy-id USER@HOST, and ssh-add for a key with a passphrase",
        ja: "ssh ユーザー@ホスト が質問なしで通る必要があります。ssh-copy-id ユーザー@ホスト、パスフレーズ付きの鍵は ssh-add",
      },
    },
    {
      code: "LAB_ENGINE_TLS",
      words:
        /x509:|tls: |certificate|unable to resolve docker endpoint: open .*\.pem|HTTP response to HTTPS client|HTTP request to an HTTPS server/i,
      reason: {
        en: "its certificate and this machine's do not fit together",
        ja: "その証明書とこのマシンの証明書が合いません",
      },
      hint: {
        en: "DOCKER_CERT_PATH names the folder with ca.pem, cert.pem and key.pem for that engine, with DOCKER_TLS_VERIFY=1",
        ja: "DOCKER_TLS_VERIFY=1 とともに、そのエンジンの ca.pem・cert.pem・key.pem があるフォルダーを DOCKER_CERT_PATH に指定してください",
      },
    },
    {
      code: "LAB_ENGINE_CONTEXT",
      words: /context "?[^"]*"?: context not found|context not found|current context .* is not found/i,
      reason: {
        en: "there is no Docker context of that name",
        ja: "その名前のDockerコンテキストはありません",
      },
      hint: { en: "docker context ls", ja: "docker context ls" },
    },
    {
      code: "LAB_ENGINE_NO_ANSWER",
      words: /^ssh: spawn .*ENOENT/,
      reason: { en: "the ssh command is needed to reach it", ja: "接続にはsshコマンドが必要です" },
      hint: {
        en: "Debian, Ubuntu: apt-get install openssh-client",
        ja: "DebianとUbuntu: apt-get install openssh-client",
      },
    },
    {
      code: "LAB_ENGINE_NO_ANSWER",
      words: /^docker: spawn .*ENOENT/,
      reason: { en: "the docker command is needed to reach it", ja: "接続にはdockerコマンドが必要です" },
      hint: {
        en: "Debian 12, Ubuntu: apt-get install docker.io; Debian 13: apt-get install docker-cli",
        ja: "Debian 12とUbuntu: apt-get install docker.io、Debian 13: apt-get install docker-cli",
      },
    },
    {
      code: "LAB_ENGINE_NO_ANSWER",
      words: /docker: (command )?not found|docker: No such file/,
      reason: {
        en: "ssh gets there, and there is no docker command on that machine",
        ja: "sshでは届きますが、そのマシンにdockerコマンドがありません",
      },
      hint: { en: "install Docker on that machine", ja: "そのマシンにDockerを入れてください" },
    },
    {
      code: "LAB_ENGINE_NO_ANSWER",
      words: /Cannot connect to the Docker daemon|dial unix .*(no such file|connection refused)/i,
      reason: {
        en: "the machine answers, and no Docker engine runs on it",
        ja: "マシンは応答しますが、Dockerエンジンが動いていません",
      },
      hint: {
        en: "on that machine: sudo systemctl start docker",
        ja: "そのマシンで: sudo systemctl start docker",
      },
    },
  ];

/**
 * What the words of ssh or of the docker command mean.
 *
 * @param engine - as it was named.
 * @param words - the command's standard error.
 */
export function explainDialFailure(engine: string, words: string): DialFailure {
  const known = causes.find((cause) => cause.words.test(words));
  if (known !== undefined) return { code: known.code, reason: known.reason, hint: known.hint };
  const last = words
    .split("\n")
    .map((line) => line.trim())
    .findLast((line) => line !== "");
  return {
    code: "LAB_ENGINE_NO_ANSWER",
    reason:
      last === undefined
        ? { en: "no word from it", ja: "何も返ってきません" }
        : sameText(last.replace(/[.?]$/, "")),
    hint: hintFor(engine),
  };
}

function hintFor(engine: string): LocalText {
  const url = engine.includes("://") ? URL.parse(engine) : null;
  if (url?.protocol === "ssh:") {
    const port = url.port === "" ? "" : `-p ${url.port} `;
    const user = url.username === "" ? "" : `${decodeURIComponent(url.username)}@`;
    const command = `ssh ${port}${user}${url.hostname} docker version`;
    return { en: command, ja: command };
  }
  const words = engine.includes("://") ? `--host ${engine}` : `--context ${engine}`;
  return { en: `docker ${words} version`, ja: `docker ${words} version` };
}
