/** What stands where a value is missing. */
export const missing = '–';

/** 0.91234 → `91.23 %` */
export function percent(value: number | null): string {
  return value === null ? missing : `${(100 * value).toFixed(2)} %`;
}

/** 0.0712345 → `0.0712` */
export function decimals(value: number | null, digits: number): string {
  return value === null ? missing : value.toFixed(digits);
}

/** 18760 → `18,760` */
export function count(value: number): string {
  return value.toLocaleString('en');
}

/** `sgd, sam and gsam` */
export function list(words: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(words);
}

/** `test accuracy` → `Test accuracy` */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text in one line, without characters that a terminal or a figure obeys. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
