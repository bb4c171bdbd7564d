import * as pulumi from "@pulumi/pulumi";

/** Label to value. */
export type Labels = Readonly<Record<string, string>>;

/** Labels in the form that the Docker provider takes. */
export function dockerLabels(
  labels: pulumi.Input<Labels>,
): pulumi.Output<{ label: string; value: string }[]> {
  return pulumi
    .output(labels)
    .apply((known) => Object.entries(known).map(([label, value]) => ({ label, value })));
}
