import { crc32Final, crc32Init, crc32Update } from '@foxglove/crc';
import { Malformed } from './malformed.ts';

/** The name of the format, which stands in every file. */
export const FORMAT = 'flatmin-checkpoint';
/** The version of the format that is written and read. */
export const VERSION = '1';

// Every header starts with these characters: a file is known, and checked, before anything in it is parsed.
const SIGN = `{"__metadata__":{"format":"${FORMAT}","version":"`;
const CHECKSUM_AT = 8 + `${SIGN}${VERSION}","crc32":"`.length;

/** Stands for the checksum while it is not known. */
export const NO_CHECKSUM = '00000000';
const DIGITS = NO_CHECKSUM.length;

/** Writes the checksum of a file into it: the CRC-32 (of zlib) of all bytes but its own eight digits. */
export function seal(bytes: Uint8Array): void {
  bytes.set(new TextEncoder().encode(checksum(bytes)), CHECKSUM_AT);
}

/**
 * Checks that bytes are a file of this format and version, whole and unchanged.
 *
 * @throws Malformed otherwise
 */
export function checkSeal(bytes: Uint8Array): void {
  const sign = ascii(bytes, 8, 8 + SIGN.length);
  if (!SIGN.startsWith(sign)) {
    throw new Malformed(`is no ${FORMAT}`, 'only files that encode or writeCheckpoint made can be read');
  }
  if (sign.length < SIGN.length) throw new Malformed(`is cut short after ${bytes.length} bytes`);
  const [version = ''] = /^\d+(?=")/.exec(ascii(bytes, 8 + SIGN.length, CHECKSUM_AT)) ?? [];
  if (Number(version) > Number(VERSION)) {
    throw new Malformed(`has version ${version} of the format, this reads ${VERSION}`, 'update @flatmin/checkpoint');
  }
  if (ascii(bytes, CHECKSUM_AT, CHECKSUM_AT + DIGITS) !== checksum(bytes)) {
    throw new Malformed('is damaged or cut short: its checksum does not match');
  }
}

function checksum(bytes: Uint8Array): string {
  const before = crc32Update(crc32Init(), bytes.subarray(0, CHECKSUM_AT));
  const all = crc32Update(before, bytes.subarray(CHECKSUM_AT + DIGITS));
  return crc32Final(all).toString(16).padStart(DIGITS, '0');
}

const ascii = (bytes: Uint8Array, begin: number, end: number): string =>
  new TextDecoder('latin1').decode(bytes.subarray(begin, end));
