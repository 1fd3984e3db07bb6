const VARINT = 0;
const LENGTH_DELIMITED = 2;
const TWO_TO_32 = 0x1_0000_0000;

/**
 * Writes one protobuf message from its last field to its first: the length of a nested message is
 * then known when its header is written, so nothing is measured twice or copied.
 */
export class WireWriter {
  #buffer: Buffer;
  #at: number;

  /** @param expectedBytes size of the message, as a guess; it grows when it must. */
  constructor(expectedBytes: number) {
    this.#buffer = Buffer.allocUnsafe(expectedBytes);
    this.#at = expectedBytes;
  }

  /** Bytes written so far; `wrap` turns everything since such a mark into one field. */
  mark(): number {
    return this.#buffer.length - this.#at;
  }

  wrap(field: number, mark: number): void {
    this.#varint(0, this.mark() - mark);
    this.#tag(field, LENGTH_DELIMITED);
  }

  bytes(field: number, value: Uint8Array): void {
    this.raw(value);
    this.#varint(0, value.length);
    this.#tag(field, LENGTH_DELIMITED);
  }

  text(field: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.#reserve(length);
    this.#at -= length;
    this.#buffer.write(value, this.#at, length, 'utf8');
    this.#varint(0, length);
    this.#tag(field, LENGTH_DELIMITED);
  }

  /** uint64; negative values as their two's complement. */
  unsigned(field: number, value: bigint | number): void {
    if (value >= 0 && value <= Number.MAX_SAFE_INTEGER) {
      const small = Number(value);
      this.#varint(Math.floor(small / TWO_TO_32), small >>> 0);
    } else {
      const bits = BigInt.asUintN(64, BigInt(value));
      this.#varint(Number(bits >> 32n), Number(bits & 0xffff_ffffn));
    }
    this.#tag(field, VARINT);
  }

  /** 64 bits given as two unsigned halves. */
  halves(field: number, high: number, low: number): void {
    this.#varint(high, low);
    this.#tag(field, VARINT);
  }

  /** Bytes of fields that are encoded already. */
  raw(encoded: Uint8Array): void {
    this.#reserve(encoded.length);
    this.#at -= encoded.length;
    this.#buffer.set(encoded, this.#at);
  }

  finish(): Buffer {
    return this.#buffer.subarray(this.#at);
  }

  #tag(field: number, wireType: number): void {
    this.#varint(0, (field << 3) | wireType);
  }

  #varint(high: number, low: number): void {
    const bits = high === 0 ? 32 - Math.clz32(low) : 64 - Math.clz32(high);
    const size = bits === 0 ? 1 : Math.ceil(bits / 7);
    this.#reserve(size);
    this.#at -= size;
    let at = this.#at;
    let upper = high;
    let lower = low;
    for (const last = at + size - 1; at < last; at += 1) {
      this.#buffer[at] = (lower & 127) | 128;
      lower = ((lower >>> 7) | (upper << 25)) >>> 0;
      upper >>>= 7;
    }
    this.#buffer[at] = lower;
  }

  #reserve(size: number): void {
    if (size <= this.#at) return;
    const written = this.mark();
    const grown = Buffer.allocUnsafe((written + size) * 2);
    this.#buffer.copy(grown, grown.length - written, this.#at);
    this.#at = grown.length - written;
    this.#buffer = grown;
  }
}
