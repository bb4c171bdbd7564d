import { columnsOf, padColumns } from "./text-width.ts";

const bytesPerMiB = 2 ** 20;
const bytesPerGiB = 2 ** 30;
const gap = "  ";

/** Lines up the first column to the left and the figures to the right. */
export function figureColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, index) =>
    Math.max(...rows.map((row) => columnsOf(row[index] ?? ""))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, index) => {
          const width = widths[index] ?? 0;
          return index === 0 ? padColumns(cell, width) : " ".repeat(width - columnsOf(cell)) + cell;
        })
        .join(gap)
        .trimEnd(),
    )
    .join("\n");
}

/** `9.04 s`. */
export function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

/** `74.3 MiB`. */
export function mebibytes(value: number): string {
  return `${(value / bytesPerMiB).toFixed(1)} MiB`;
}

/** `24.0 GiB`. */
export function gibibytes(value: number): string {
  return `${(value / bytesPerGiB).toFixed(1)} GiB`;
}
