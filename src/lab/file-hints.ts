import type { Text } from "../model/text.ts";

/** What to do where the disk is full. */
export const spaceHint: Text = {
  en: "df -h shows what is full; ./lab prune removes images that no lab needs",
  ja: "df -h で空きを確認してください。使わないイメージは ./lab prune で消せます",
};

/** What to do where the lab's own files can't be written. */
export const writableHint: Text = {
  en: "git clone the checkout to a folder of your own that can be written; MAIL_LAB_CACHE moves the cache",
  ja: "書き込める自分のフォルダーに git clone してください。キャッシュの場所は MAIL_LAB_CACHE で変えられます",
};
