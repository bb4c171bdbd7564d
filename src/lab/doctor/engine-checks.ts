import { isOldEngine, oldestEngine } from "../../../toolchain/docker/docker-facts.ts";
import { sameText } from "../../model/text.ts";
import { engineValues, hasWritableCgroups } from "../machine/engine-values.ts";
import { good, nothingToMend, ofEngine, type DoctorCheck } from "./doctor-check.ts";

/** What is looked at of the engine, and of what the stack's configuration says of it. */
export const engineChecks: readonly DoctorCheck[] = [
  {
    id: "engine",
    title: { en: "Docker engine", ja: "Dockerエンジン" },
    wanted: { en: "answers", ja: "応答する" },
    mend: ({ engine }) =>
      engine.kind === "denied"
        ? sameText(`sudo usermod -aG docker ${engine.user} && newgrp docker`)
        : {
            en: "./lab up brings one on Debian and Ubuntu; elsewhere start Docker",
            ja: "DebianとUbuntuでは ./lab up が用意します。ほかではDockerを起動してください",
          },
    judge: ({ engine }) => {
      if (engine.kind === "answers") return good(sameText(`${engine.facts.serverVersion}, ${engine.url}`));
      if (engine.kind === "silent")
        return {
          level: "bad",
          found: { en: `${engine.url}: ${engine.reason.en}`, ja: `${engine.url}: ${engine.reason.ja}` },
        };
      return {
        level: "bad",
        found: {
          en: `${engine.url} refuses the user ${engine.user}`,
          ja: `${engine.url} はユーザー${engine.user}を拒否`,
        },
      };
    },
  },
  {
    id: "engine-version",
    title: { en: "engine's version", ja: "エンジンの版" },
    wanted: { en: `${oldestEngine} or newer`, ja: `${oldestEngine}以降` },
    mend: () => sameText("sudo apt-get install --only-upgrade docker.io"),
    judge: ofEngine(({ facts }) => ({
      level: isOldEngine(facts) ? "bad" : "good",
      found: sameText(facts.serverVersion),
    })),
  },
  {
    id: "cgroups",
    title: { en: "systemd's cgroups", ja: "systemdのcgroup" },
    wanted: { en: "a tree that the hosts can write", ja: "ホストが書き込めるツリー" },
    mend: nothingToMend,
    judge: ofEngine(({ facts, configured }) => {
      const { cgroupVersion } = facts;
      const { systemd } = engineValues(facts, configured.systemd);
      return good({
        en: `cgroup v${cgroupVersion}; up takes “${systemd}”`,
        ja: `cgroup v${cgroupVersion}（upは「${systemd}」を使います）`,
      });
    }),
  },
  {
    id: "apparmor",
    title: sameText("AppArmor"),
    wanted: { en: "lets the entry open its cgroups", ja: "起動時のcgroup操作を妨げない" },
    mend: nothingToMend,
    judge: ofEngine(({ facts, configured }) =>
      good(
        !facts.apparmor
          ? { en: "not active", ja: "無効" }
          : engineValues(facts, configured.systemd).securityOpts.includes("apparmor=unconfined")
            ? { en: "active; up sets apparmor=unconfined", ja: "有効（upがapparmor=unconfinedを設定）" }
            : { en: "active", ja: "有効" },
      ),
    ),
  },
  {
    id: "selinux",
    title: sameText("SELinux"),
    wanted: { en: "lets systemd run in a container", ja: "コンテナ内のsystemdを妨げない" },
    mend: nothingToMend,
    judge: ofEngine(({ facts }) =>
      good(
        facts.selinux
          ? { en: "active; up sets label=disable", ja: "有効（upがlabel=disableを設定）" }
          : { en: "not active", ja: "無効" },
      ),
    ),
  },
  {
    id: "rootless",
    title: { en: "rootless, userns-remap", ja: "rootlessとuserns-remap" },
    wanted: { en: "neither: the lab is not proven on them", ja: "どちらも無効（動作は未確認）" },
    mend: () => sameText("docker context use default"),
    judge: ofEngine(({ facts }) => {
      if (!facts.rootless && !facts.usernsRemap) return good({ en: "neither", ja: "どちらも無効" });
      return { level: "warning", found: sameText(facts.rootless ? "rootless" : "userns-remap") };
    }),
  },
  {
    id: "engine-values",
    title: { en: "the stack's systemd and securityOpts", ja: "スタックのsystemdとsecurityOpts" },
    wanted: { en: "what this engine has and needs", ja: "このエンジンにあり、必要なもの" },
    mend: () => ({
      en: "./lab down && ./lab up chooses them anew; what you set yourself goes by pulumi config rm KEY",
      ja: "./lab down && ./lab up で選び直します。自分で設定した項目は pulumi config rm キー で外してください",
    }),
    judge: ofEngine(({ facts, configured }) => {
      const values = engineValues(facts, configured.systemd);
      const shown = `systemd=${values.systemd}, securityOpts=[${values.securityOpts.join(", ")}]`;
      if (configured.systemd === "writable-cgroups" && !hasWritableCgroups(facts)) {
        return {
          level: "bad",
          found: { en: "writable-cgroups, which it hasn't", ja: "このエンジンにないwritable-cgroups" },
        };
      }
      const { securityOpts } = configured;
      if (securityOpts === undefined)
        return good({ en: `up writes ${shown}`, ja: `upが書き込みます: ${shown}` });
      const missing = values.securityOpts.filter((option) => !securityOpts.includes(option)).join(", ");
      if (missing === "") return good(sameText(shown));
      return { level: "bad", found: { en: `without ${missing}`, ja: `${missing} がありません` } };
    }),
  },
];
