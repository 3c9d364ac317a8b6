/** Which images a network gets right, a bit each: what paired tests of two networks need. */

/** Base64 of a bit an image, the first in the lowest bit of the first byte. */
export function packAnswers(right: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(right.length / 8));
  right.forEach((isRight, image) => {
    if (isRight) bytes[image >> 3]! |= 1 << (image & 7);
  });
  return Buffer.from(bytes).toString('base64');
}

/** How many images one network gets right and the other wrong, each way. Both must have judged the same images. */
export function discordant(one: string, other: string): { onlyOne: number; onlyOther: number } {
  const [a, b] = [Buffer.from(one, 'base64'), Buffer.from(other, 'base64')];
  if (a.length !== b.length) {
    throw new Error(
      `answers to about ${8 * a.length} and ${8 * b.length} images cannot be paired; judge both on the same`,
    );
  }
  let [onlyOne, onlyOther] = [0, 0];
  a.forEach((byte, place) => {
    onlyOne += ones(byte & ~b[place]!);
    onlyOther += ones(b[place]! & ~byte);
  });
  return { onlyOne, onlyOther };
}

function ones(byte: number): number {
  let count = 0;
  for (let rest = byte; rest > 0; rest >>= 1) count += rest & 1;
  return count;
}
