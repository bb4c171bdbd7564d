import type { CheckFailure, PropertyMap, PropertyValue } from "../../provider/resource.ts";
import type { Field, Property } from "../table/property.ts";
import { settleMap } from "../table/settle.ts";
import { asRecords, asText, asTextMap, hasUnknown, isZero } from "../table/values.ts";
import type { ContainerBody, ContainerLive } from "./body.ts";

const volumeFields: readonly Field[] = [
  { name: "containerPath", kind: "string", replaces: true, unset: "" },
  { name: "fromContainer", kind: "string", replaces: true, unset: "" },
  { name: "hostPath", kind: "string", replaces: true, unset: "" },
  { name: "readOnly", kind: "boolean", replaces: true },
  {
    name: "selinuxRelabel",
    kind: "string",
    replaces: true,
    unset: "",
    problem: (value) => (["z", "Z", ""].includes(asText(value)) ? undefined : "must be z or Z"),
  },
  { name: "volumeName", kind: "string", replaces: true, unset: "" },
];

const uploadFields: readonly Field[] = [
  { name: "content", kind: "string", replaces: true, unset: "" },
  {
    name: "contentBase64",
    kind: "string",
    replaces: true,
    unset: "",
    problem: (value) => (/^[A-Za-z0-9+/\s]*={0,2}$/u.test(asText(value)) ? undefined : "must be base64 text"),
  },
  // Left out it stays out: the official plugin sees a spurious change otherwise.
  { name: "executable", kind: "boolean", replaces: true, unset: false },
  {
    name: "file",
    kind: "string",
    required: true,
    replaces: true,
    problem: (value) => (asText(value).startsWith("/") ? undefined : "must be an absolute path"),
  },
  {
    name: "permissions",
    kind: "string",
    replaces: true,
    unset: "",
    problem: (value) =>
      /^0[0-7]{3}$/u.test(asText(value)) ? undefined : "must be four octal digits such as 0644",
  },
  { name: "source", kind: "string", replaces: true, unset: "" },
  { name: "sourceHash", kind: "string", replaces: true, unset: "" },
];

/** What is mounted into the container and put into its files. */
export const storageProperties: readonly Property<ContainerBody, ContainerLive>[] = [
  {
    name: "volumes",
    kind: "blockSet",
    replaces: true,
    fields: volumeFields,
    toApi: writeVolumes,
  },
  {
    // Docker can't change a container's mounts. The official plugin plans an update and then does nothing.
    name: "tmpfs",
    kind: "map",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.Tmpfs = asTextMap(value);
    },
    fromInspect: (live, given) => settleMap(given, live.HostConfig.Tmpfs),
  },
  // Put in after the creation and never read back: what is in the container then is the container's own.
  { name: "uploads", kind: "blockSet", replaces: true, fields: uploadFields },
  {
    name: "storageOpts",
    kind: "map",
    replaces: true,
    toApi: (value, body) => {
      body.HostConfig.StorageOpt = asTextMap(value);
    },
    fromInspect: (live, given) => settleMap(given, live.HostConfig.StorageOpt),
  },
];

function writeVolumes(value: PropertyValue, body: ContainerBody): void {
  const mounts = asRecords(value);
  const source = (mount: PropertyMap): string => asText(mount["hostPath"]) || asText(mount["volumeName"]);
  const paths = mounts.filter((mount) => !isZero(mount["containerPath"]));
  body.Volumes = Object.fromEntries(paths.map((mount) => [asText(mount["containerPath"]), {}]));
  body.HostConfig.Binds = paths
    .filter((mount) => source(mount) !== "")
    .map((mount) => {
      const relabel = asText(mount["selinuxRelabel"]);
      const options = [mount["readOnly"] === true ? "ro" : "rw", ...(relabel === "" ? [] : [relabel])];
      return `${source(mount)}:${asText(mount["containerPath"])}:${options.join(",")}`;
    });
  const others = mounts.map((mount) => asText(mount["fromContainer"])).filter((name) => name !== "");
  if (others.length > 0) body.HostConfig.VolumesFrom = others;
}

/** What is wrong with mounts and uploads that are fine field by field. */
export function storageProblems(inputs: PropertyMap): CheckFailure[] {
  return [
    ...asRecords(inputs["volumes"]).flatMap((mount, index) => {
      const count = ["containerPath", "fromContainer"].filter((name) => !isZero(mount[name])).length;
      return count === 1
        ? []
        : [{ property: `volumes[${index}]`, reason: "a volume needs either containerPath or fromContainer" }];
    }),
    ...asRecords(inputs["uploads"]).flatMap((upload, index) => {
      const contents = ["content", "contentBase64", "source"].filter((name) => upload[name] !== undefined);
      return contents.length === 1 || contents.some((name) => hasUnknown(upload[name]))
        ? []
        : [
            {
              property: `uploads[${index}]`,
              reason: "an upload needs one of content, contentBase64 and source",
            },
          ];
    }),
  ];
}
