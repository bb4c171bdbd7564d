import type { Text } from "../model/text.ts";
import type { Check, CheckId } from "./check.ts";
import type { Scene } from "./observation.ts";
import { notYet, passed, wrong } from "./verdict.ts";

/** A service of the chapter. */
export interface ServiceRule {
  readonly step: string;
  readonly service: "postfix" | "dovecot";
  /** The service's name as it is written in a text. */
  readonly name: string;
  readonly after: readonly CheckId[];
  /** What it can't start without. */
  readonly needs: readonly CheckId[];
  /** How a service is stopped that systemd did not start. */
  readonly stopByHand: string;
  /** When a running service took its configuration anew without a restart; absent where it didn't. */
  readonly reloadedMs: (scene: Scene) => number | undefined;
}

/** Start and change closer together than this are the same moment: a process's start is known to a hundredth. */
const clockToleranceMs = 50;

/** The service runs. */
export function runningCheck({ step, service, name, after, needs, stopByHand }: ServiceRule): Check {
  return {
    id: `${step}/running`,
    title: { en: `${name} is running`, ja: `${name}が動いている` },
    after,
    needs,
    judge: ({ seen }) => {
      const { activeState, startedMs, unitFileState } = seen.services[service];
      const expected = { en: "active (running)", ja: "active (running)" };
      const where = `systemctl status ${service}`;
      if (startedMs !== undefined) {
        return activeState === "active"
          ? passed()
          : passed({
              en: `${name} runs, but systemd did not start it and can't restart it: sudo ${stopByHand}, then sudo systemctl start ${service}.`,
              ja: `${name}は動いていますが、systemdから起動されたものではなく、systemctlでは再起動できません。sudo ${stopByHand} で止めてから sudo systemctl start ${service} を行います。`,
            });
      }
      if (unitFileState === "") {
        return notYet({
          cause: "not-installed",
          observed: { en: `there is no service ${service}`, ja: `${service}サービスがありません` },
          expected,
          where,
          hint: { en: "First step 6.01.", ja: "先に6.01を行います。" },
        });
      }
      const isFailed = activeState === "failed";
      return wrong({
        cause: isFailed ? "service-failed" : "service-stopped",
        observed: activeState === "active" ? { en: "no process", ja: "プロセスがありません" } : activeState,
        expected,
        where,
        hint: isFailed
          ? {
              en: `It did not come up: journalctl -u ${service} or /var/log/mail.log says why.`,
              ja: `起動に失敗しています。journalctl -u ${service} か /var/log/mail.log に理由があります。`,
            }
          : { en: `sudo systemctl start ${service}`, ja: `sudo systemctl start ${service}` },
      });
    },
  };
}

/** The service runs with the configuration that its files have now. */
export function restartedCheck({ step, service, name, after, reloadedMs }: ServiceRule): Check {
  const running: CheckId = `${step}/running`;
  return {
    id: `${step}/restarted`,
    title: { en: `${name} was restarted since its files changed`, ja: `${name}の再起動（変更の反映）` },
    after,
    needs: [running],
    judge: (scene) => {
      const { startedMs, newestFile } = scene.seen.services[service];
      const sinceMs = Math.max(startedMs ?? 0, reloadedMs(scene) ?? 0);
      const isOld = newestFile !== undefined && newestFile.changedMs > sinceMs + clockToleranceMs;
      if (startedMs !== undefined && !isOld) return passed();
      return notYet({
        cause: startedMs === undefined ? "service-stopped" : "not-restarted",
        observed: {
          en: `started ${timeOf(startedMs)}, ${newestFile?.path ?? ""} changed ${timeOf(newestFile?.changedMs)}`,
          ja: `起動は ${timeOf(startedMs)}、${newestFile?.path ?? ""} の変更は ${timeOf(newestFile?.changedMs)}`,
        },
        expected: { en: "started after the last change", ja: "最後の変更より後に起動" },
        where: `systemctl status ${service}`,
        hint: { en: `sudo systemctl restart ${service}`, ja: `sudo systemctl restart ${service}` },
      });
    },
  };
}

/** The service starts at boot. */
export function enabledCheck({ step, service, name, after }: ServiceRule): Check {
  return {
    id: `${step}/enabled`,
    title: { en: `${name} starts at boot`, ja: `${name}の自動起動` },
    after,
    judge: ({ seen }) => {
      const { unitFileState } = seen.services[service];
      if (/^(enabled|enabled-runtime|static|alias)$/.test(unitFileState)) return passed();
      const failure = {
        expected: "enabled",
        where: `systemctl is-enabled ${service}`,
        observed: unitFileState === "" ? { en: "no such unit", ja: "ユニットがありません" } : unitFileState,
      };
      if (unitFileState === "") {
        const hint: Text = { en: "First step 6.01.", ja: "先に6.01を行います。" };
        return notYet({ ...failure, cause: "not-installed", hint });
      }
      const isMasked = unitFileState.startsWith("masked");
      const mend = isMasked
        ? `sudo systemctl unmask ${service}; sudo systemctl enable ${service}`
        : `sudo systemctl enable ${service}`;
      return wrong({
        ...failure,
        cause: isMasked ? "service-masked" : "service-disabled",
        hint: { en: mend, ja: mend },
      });
    },
  };
}

function timeOf(atMs: number | undefined): string {
  return atMs === undefined || !Number.isFinite(atMs) ? "–" : new Date(atMs).toISOString().slice(11, 19);
}
