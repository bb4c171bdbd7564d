import type Dockerode from "dockerode";

/** The request that creates a container, with the parts that rows of the table write into. */
export type ContainerBody = Dockerode.ContainerCreateOptions & {
  readonly HostConfig: Dockerode.HostConfig;
};

/** What Docker says of a container; the parts that the declared types lack are added. */
export type ContainerLive = Dockerode.ContainerInspectInfo & {
  readonly Platform: string;
  readonly Config: { readonly StopTimeout?: number | null; readonly StopSignal?: string };
  readonly HostConfig: { readonly CgroupnsMode?: string };
};
