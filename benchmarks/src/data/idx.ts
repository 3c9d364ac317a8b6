/** An idx file of bytes: its dimensions and its content, row after row. */
export interface Idx {
  readonly shape: readonly number[];
  readonly content: Uint8Array;
}

const UNSIGNED_BYTE = 0x08;

/**
 * Reads an idx file of unsigned bytes: two zero bytes, the type, the number of dimensions, each
 * dimension as a big-endian 32-bit number, then the content.
 *
 * @param name of the file, for the messages
 * @throws when the header is no idx header, or when the content is shorter or longer than it says
 */
export function parseIdx(bytes: Uint8Array, name: string): Idx {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0) {
    throw new Error(`${name} is no idx file: it does not start with two zero bytes`);
  }
  const type = view.getUint8(2);
  if (type !== UNSIGNED_BYTE) {
    throw new Error(
      `${name} holds idx type 0x${type.toString(16).padStart(2, '0')}; only unsigned bytes (0x08) are read`,
    );
  }
  const dimensions = view.getUint8(3);
  const header = 4 + 4 * dimensions;
  if (bytes.length < header) {
    throw new Error(`${name} ends inside its header: ${bytes.length} bytes where ${header} are needed`);
  }
  const shape = Array.from({ length: dimensions }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = header + shape.reduce((size, extent) => size * extent, 1);
  if (bytes.length !== expected) {
    throw new Error(`${name} is ${bytes.length} bytes long; its header (${shape.join(' × ')}) asks for ${expected}`);
  }
  return { shape, content: bytes.subarray(header) };
}
