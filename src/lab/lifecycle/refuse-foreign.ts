import { listContainers, listNetworks } from "../../engine/lab-objects.ts";
import { labelNames } from "../../model/labels.ts";
import type { LabConfig } from "../../model/lab-config.ts";
import { LabError } from "../../model/lab-error.ts";
import type { Text } from "../../model/text.ts";
import { deskName } from "../../model/topology.ts";
import { engineOf, type LabContext } from "../lab-context.ts";
import { holderOfRange } from "../machine/machine-values.ts";

/** A container or network as far as it is looked at here. */
interface NamedObject {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const lanOf = (context: LabContext): string => `${context.stack}-lan`;

const isOwn = ({ labels }: NamedObject, owner: string | undefined): boolean =>
  owner !== undefined && labels[labelNames.owner] === owner;

/**
 * Refuses to build over containers and a network of the lab's names that this stack did not make: another clone's
 * lab, or something else altogether.
 *
 * @param owner - this stack's owner; absent where it has built nothing yet.
 * @throws LabError `LAB_FOREIGN_CONTAINER` or `LAB_FOREIGN_NETWORK` naming them.
 */
export async function refuseForeignNames(
  context: LabContext,
  config: LabConfig,
  owner: string | undefined,
): Promise<void> {
  const engine = engineOf(context);
  const nodes = ["dns", ...config.hosts.map((host) => host.name), ...(config.desk === "" ? [] : [deskName])];
  const names = new Set(nodes.map((node) => `${context.stack}-${node}`));
  const foreign = (objects: readonly NamedObject[], isNamed: (name: string) => boolean) =>
    objects.filter((object) => isNamed(object.name) && !isOwn(object, owner));
  const containers = foreign(await listContainers(engine), (name) => names.has(name));
  const networks = foreign(await listNetworks(engine), (name) => name === lanOf(context));
  const list = (objects: readonly NamedObject[]): string => objects.map(({ name }) => name).join(", ");
  const advice = {
    details: [...containers, ...networks].map(({ name, labels }) => {
      const { en, ja } = originOf(labels);
      return { en: `${name}: ${en}`, ja: `${name}: ${ja}` };
    }),
    hint: {
      en: "./lab up --stack NAME builds a lab of another name beside it",
      ja: "./lab up --stack 名前 で、別の名前のラボを並べて作れます",
    },
  };
  if (containers.length > 0) {
    throw new LabError(
      "LAB_FOREIGN_CONTAINER",
      {
        en: `Containers of these names exist and are not this lab's: ${list(containers)}.`,
        ja: `同じ名前の、このラボのものではないコンテナがあります: ${list(containers)}`,
      },
      advice,
    );
  }
  if (networks.length > 0) {
    throw new LabError(
      "LAB_FOREIGN_NETWORK",
      {
        en: `A network of this name exists and is not this lab's: ${list(networks)}.`,
        ja: `同じ名前の、このラボのものではないネットワークがあります: ${list(networks)}`,
      },
      advice,
    );
  }
}

/**
 * Refuses a range that something else on this machine uses, where the lab's own network does not stand yet: the
 * engine would refuse it in the middle of a build or, where a LAN has it, take the machine off that LAN.
 *
 * @throws LabError `LAB_RANGE_TAKEN` naming the holder.
 */
export async function refuseTakenRange(
  context: LabContext,
  config: LabConfig,
  owner: string | undefined,
): Promise<void> {
  const networks = await listNetworks(engineOf(context));
  if (networks.some((network) => network.name === lanOf(context) && isOwn(network, owner))) return;
  const [key, range] =
    config.addressing === "docker"
      ? (["subnet", config.subnet] as const)
      : (["carrierSubnet", config.carrierSubnet] as const);
  const holder = await holderOfRange(context, range);
  if (holder === undefined) return;
  const remove = key === "subnet" ? "addressing" : "carrierSubnet";
  throw new LabError(
    "LAB_RANGE_TAKEN",
    {
      en: `${key}: ${range} is held by ${holder.en}; a lab's network needs a range of its own.`,
      ja: `${key}: ${range}は使用中です（${holder.ja}）。ラボのネットワークには専用の範囲が必要です。`,
    },
    {
      hint: {
        en: `eval "$(./lab env --stack ${context.stack})" && pulumi config rm ${remove} lets the lab choose where there is room`,
        ja: `eval "$(./lab env --stack ${context.stack})" && pulumi config rm ${remove} とすると、空いているところをラボが選びます`,
      },
    },
  );
}

function originOf(labels: Readonly<Record<string, string>>): Text {
  const stack = labels[labelNames.stack];
  if (stack === undefined) return { en: "not made by mail-lab", ja: "mail-labが作ったものではありません" };
  const owner = labels[labelNames.owner];
  return {
    en: `the lab “${stack}” of another checkout (owner ${owner ?? "unknown"})`,
    ja: `別のチェックアウトのラボ「${stack}」のもの（所有者 ${owner ?? "不明"}）`,
  };
}
