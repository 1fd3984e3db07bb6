const LENGTH_DELIMITED = 2;

const TEXT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Reads the fields of one protobuf message without copying its bytes. Malformed input throws; grpc-js
 * answers the call and keeps the server.
 */
export class WireReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;
  #wireType = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Number of the next field; 0 at the end of the message. */
  next(): number {
    if (this.#at >= this.#end) return 0;
    const tag = this.#length();
    this.#wireType = tag & 7;
    return tag >>> 3;
  }

  /** The field's bytes, a view into the message. */
  bytes(): Buffer {
    const { from, to } = this.#range();
    return this.#bytes.subarray(from, to);
  }

  /** The field as UTF-8; throws when it is not. */
  text(): string {
    return TEXT.decode(this.bytes());
  }

  /** The field as a message inside this one. */
  message(): WireReader {
    const { from, to } = this.#range();
    return new WireReader(this.#bytes, from, to);
  }

  bool(): boolean {
    return this.unsigned() !== 0n;
  }

  /** A varint as uint64. */
  unsigned(): bigint {
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      low |= (byte & 127) << shift;
      if (byte < 128) return BigInt(low);
    }
    let value = BigInt(low);
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new RangeError('A varint is longer than ten bytes.');
  }

  /** A varint as int64. */
  signed(): bigint {
    return BigInt.asIntN(64, this.unsigned());
  }

  skip(): void {
    switch (this.#wireType) {
      case 0:
        this.unsigned();
        return;
      case 1:
        this.#at += 8;
        return;
      case LENGTH_DELIMITED:
        this.#range();
        return;
      case 5:
        this.#at += 4;
        return;
      default:
        throw new RangeError(`Wire type ${this.#wireType} is not known.`);
    }
  }

  #range(): { readonly from: number; readonly to: number } {
    if (this.#wireType !== LENGTH_DELIMITED) throw new RangeError('A field has the wrong wire type.');
    const length = this.#length();
    const from = this.#at;
    const to = from + length;
    if (to > this.#end) throw new RangeError('A field reaches beyond its message.');
    this.#at = to;
    return { from, to };
  }

  #length(): number {
    const value = this.unsigned();
    if (value > 0x7fff_ffffn) throw new RangeError('A length or a tag is too large.');
    return Number(value);
  }

  #byte(): number {
    const byte = this.#at < this.#end ? this.#bytes[this.#at] : undefined;
    if (byte === undefined) throw new RangeError('A message ends inside a field.');
    this.#at += 1;
    return byte;
  }
}
