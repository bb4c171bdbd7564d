import * as pulumi from "@pulumi/pulumi";
import { readLabConfig } from "./config.ts";
import { MailLab } from "./mail-lab.ts";

const settings = new pulumi.Config();
const config = readLabConfig(settings);
const lab = new MailLab(pulumi.getStack(), config, settings.getSecret("seed"));

/** The mail hosts: name, domain, address, users, ports on the loopback, public ssh host key. */
export const hosts = lab.hosts;
/** The DNS server: name, address, port on the loopback. */
export const dns = lab.dns;
/** The stage of the chapter that the lab stands at. */
export const stage = lab.stage;
/** The stage that each host stands at. */
export const stages = lab.stages;
/** What the hosts' containers were created as. */
export const start = config.start;
/** The same of single hosts that were created otherwise. */
export const starts = config.starts;
/** How the addresses are held, the range that they are in, and where ssh is published besides the loopback. */
export const network = { addressing: config.addressing, subnet: config.subnet, listen: config.listen };
/** The machine's addresses as the lab's guard knows them. */
export const machine = config.machine;
/** The owner's name in the labels of everything that this lab made. */
export const owner = lab.owner;
/** Account name to password. */
export const passwords = lab.passwords;
/** The private key that opens ssh on every host. */
export const sshKey = lab.sshKey;
