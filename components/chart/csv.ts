/** A cell of a file for a spreadsheet, which must not take a reason for a formula. */
export function quoted(cell: string): string {
  const text = /^[=+@\t\r-]/.test(cell) && !/^-?[\d.]+$/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
