import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Start } from "../model/lab-config.ts";
import { imageReference, type ImageFile } from "../model/image-reference.ts";
import { quoteWord } from "../model/quote-word.ts";

/** The product's images. */
type ImageName = "base" | "dns" | "mail-host" | "desk";

/** How an image is built: everything that decides its content, and the reference that follows from it. */
export interface ImagePlan {
  readonly name: ImageName;
  /** `mail-lab/<name>:<hash of tree, base and target>`. */
  readonly reference: string;
  /** The image that it stands on. */
  readonly base: string;
  /** The Dockerfile's target; empty for its last one. */
  readonly target: string;
}

/** The images of a lab, in the order in which they are built. */
export interface LabImages {
  readonly base: ImagePlan;
  readonly dns: ImagePlan;
  readonly mailHost: ImagePlan;
}

/** The folder that holds one folder an image. */
export const imagesFolder = join(import.meta.dirname, "..", "..", "images");

function readTree(folder: string): readonly ImageFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return {
        path: relative(folder, path).split(sep).join("/"),
        executable: (statSync(path).mode & 0o100) !== 0,
        content: readFileSync(path),
      };
    });
}

function planImage(name: ImageName, base: string, target = ""): ImagePlan {
  const files = readTree(join(imagesFolder, name));
  return { name, base, target, reference: imageReference(name, [base, target], files) };
}

/** Works out the images of a lab from the trees in `images/`, the distribution's image and how hosts are created. */
export function planImages(distribution: string, start: Start): LabImages {
  const base = planImage("base", distribution);
  return {
    base,
    dns: planImage("dns", base.reference),
    mailHost: planImage("mail-host", base.reference, start),
  };
}

/** The images of the desk, in the order in which they are built. */
export interface DeskImages {
  /** The lab's own base image, where that is made of Debian. */
  readonly base: ImagePlan;
  readonly desk: ImagePlan;
}

/** What the desk stands on where the hosts are Ubuntu, whose Thunderbird is a snap and needs systemd. */
const debianForDesk = "debian:bookworm";

/**
 * Works out the images of a desk: the lab's distribution where its name says that it is Debian, else a Debian of its
 * own.
 */
export function planDeskImages(distribution: string): DeskImages {
  const base = planImage("base", deskDistribution(distribution));
  return { base, desk: planImage("desk", base.reference) };
}

function deskDistribution(distribution: string): string {
  return distribution.includes("debian") ? distribution : debianForDesk;
}

/** The name that a stack has for the image of the hosts with this start: hosts that differ from the lab have another. */
export function hostImageName(config: { readonly start: Start }, start: Start): string {
  return start === config.start ? "mail-host-image" : `${start}-host-image`;
}

/** The name that a stack has for the image that its desk stands on: the other nodes' where that is Debian. */
export function deskBaseName(distribution: string): string {
  return deskDistribution(distribution) === distribution ? "base-image" : "desk-base-image";
}

/** The words after `images/ensure` that build an image where its reference is missing; `folder` holds the image folders. */
export function ensureArguments(plan: ImagePlan, folder: string): readonly string[] {
  return [plan.name, plan.reference, `${folder}/${plan.name}`, plan.target, plan.base];
}

/** The same as a line for the shell; `folder` holds the script too. */
export function ensureCommand(plan: ImagePlan, folder: string): string {
  return [`${folder}/ensure`, ...ensureArguments(plan, folder)].map(quoteWord).join(" ");
}
