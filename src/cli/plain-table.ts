import Table from "cli-table3";

/** A table without lines: it copies well and looks the same in every terminal. */
export function plainTable(rows: readonly (readonly string[])[]): string {
  const plain = new Table({
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      mid: "",
      "mid-mid": "",
      right: "",
      "right-mid": "",
      middle: "  ",
    },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  plain.push(...rows.map((row) => [...row]));
  return plain.toString();
}
