import { Command, Option } from "@commander-js/extra-typings";
import type { Text } from "../model/text.ts";
import type { Session } from "./session.ts";

const words = {
  stack: { en: "the lab's name", ja: "ラボの名前" },
  json: { en: "print the result as JSON", ja: "結果をJSONで表示" },
  lang: { en: "language of the texts", ja: "表示の言語" },
  help: { en: "show this help", ja: "このヘルプを表示" },
  helpCommand: { en: "show the help of a command", ja: "コマンドのヘルプを表示" },
  usage: { en: "Usage:", ja: "使い方:" },
  arguments: { en: "Arguments:", ja: "引数:" },
  options: { en: "Options:", ja: "オプション:" },
  commands: { en: "Commands:", ja: "コマンド:" },
} as const satisfies Record<string, Text>;

/** Commander's own headings, and the one of ours that each stands for. */
const headings: Readonly<Record<string, Text>> = {
  "Usage:": words.usage,
  "Arguments:": words.arguments,
  "Options:": words.options,
  "Commands:": words.commands,
};

/** What every command file builds its command with, so that all look and behave alike. */
export class CommandLine {
  readonly session: Session;
  readonly program: Command;

  constructor(session: Session, name: string, description: Text) {
    this.session = session;
    this.program = this.#dressed(new Command(name).description(session.speak(description)))
      .addOption(this.#languageOption())
      .helpCommand("help [command]", session.speak(words.helpCommand))
      .showSuggestionAfterError();
  }

  /**
   * Adds a command with the options that all have.
   *
   * @param group - the command that it is a part of, as `seats` is of `seats up`; the program itself unless given.
   */
  command(name: string, description: Text, group: Command = this.program): Command {
    const command = group.command(name).description(this.session.speak(description));
    return this.#dressed(command).addOption(this.#languageOption().hideHelp());
  }

  /** Adds a command that is only there for its own ones. */
  group(name: string, description: Text): Command {
    return this.command(name, description).helpCommand(
      "help [command]",
      this.session.speak(words.helpCommand),
    );
  }

  /** `--stack NAME`. */
  stackOption(): Option<"--stack <name>", undefined, "dev"> {
    return new Option("--stack <name>", this.session.speak(words.stack)).default("dev");
  }

  /** `--json`. */
  jsonOption(): Option<"--json"> {
    return new Option("--json", this.session.speak(words.json));
  }

  /** Prints the command's result for people. */
  print(line: string): void {
    this.session.stdout.write(`${line}\n`);
  }

  /** Prints the command's result for a program. */
  printJson(value: unknown): void {
    this.print(JSON.stringify(value, undefined, 2));
  }

  #languageOption(): Option {
    return new Option("--lang <language>", this.session.speak(words.lang)).choices(["en", "ja"]);
  }

  #dressed(command: Command): Command {
    const { speak } = this.session;
    // What is wrong is said by the one place that shows errors.
    command.configureOutput({ outputError: () => undefined });
    return command
      .helpOption("-h, --help", speak(words.help))
      .exitOverride()
      .configureHelp({ styleTitle: (title) => speak(headings[title] ?? { en: title, ja: title }) });
  }
}
