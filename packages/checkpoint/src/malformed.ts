/** Bytes that are no whole checkpoint. The message is the sentence without its subject, which the reader knows. */
export class Malformed extends Error {
  readonly remedy: string;

  constructor(message: string, remedy = 'take an earlier copy') {
    super(message);
    this.remedy = remedy;
  }
}
