import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { SealedValue } from '@afecto/domain';

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const WRAPPED_BYTES = NONCE_BYTES + KEY_BYTES + TAG_BYTES;
const ALGORITHM = 'aes-256-gcm';

/**
 * One of the keys of a data subject. Kept as a key object: given the bytes, each call of the crypto module
 * would take several times as long.
 */
export class FieldKey {
  #key: KeyObject | (() => Uint8Array);
  #nonceKey: KeyObject | null = null;

  /**
   * @param kid random, so that it tells nothing about whose key it is
   * @param key its bytes, or who gives them to the first that seals or opens something under it: many are never used
   */
  constructor(
    readonly kid: string,
    key: Uint8Array | (() => Uint8Array),
  ) {
    this.#key = typeof key === 'function' ? key : createSecretKey(key);
  }

  /** Throws when the bytes cannot be had. */
  get key(): KeyObject {
    return (this.#key = typeof this.#key === 'function' ? createSecretKey(this.#key()) : this.#key);
  }

  /** HKDF-Expand (RFC 5869, SHA-256, one block); a random key needs no extraction. */
  get nonceKey(): KeyObject {
    return (this.#nonceKey ??= createSecretKey(createHmac('sha256', this.key).update('afecto nonce\u0001').digest()));
  }
}

/** 96 random bits. */
export const newKid = (): string => randomBytes(NONCE_BYTES).toString('base64url');

/** What a sealed value belongs to: moved to another place, it cannot be opened. */
export const placeOf = (eventId: string, type: string, fieldPath: string, subjectId: string): string =>
  `${eventId}|${type}|${fieldPath}|${subjectId}`;

/**
 * AES-256-GCM under a data subject's key (`domain.md §17.2`). The nonce follows from place and content,
 * so that a fact that is sent again gives the same bytes and is recognised; two different contents never
 * share one (but for 2⁻⁹⁶), and equal nonces mean the very same field of the very same event.
 */
export const sealValue = (key: FieldKey, place: string, value: unknown): SealedValue => {
  const plain = JSON.stringify(value);
  const nonce = createHmac('sha256', key.nonceKey).update(`${place}\0${plain}`).digest().subarray(0, NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key.key, nonce);
  cipher.setAAD(Buffer.from(place));
  // A stream cipher has nothing left for its end; decoding text by parts would take as long as sealing it.
  const ct = cipher.update(plain, 'utf8');
  cipher.final();
  return {
    kid: key.kid,
    nonce: nonce.toString('base64'),
    ct: ct.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
  };
};

/** The value; `undefined` when it is not what was sealed under this key in this place. */
export const openValue = (fieldKey: FieldKey, place: string, { nonce, ct, tag }: SealedValue): unknown => {
  const { key } = fieldKey;
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64'), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(place));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    const plain = decipher.update(Buffer.from(ct, 'base64'));
    decipher.final();
    return JSON.parse(plain.toString('utf8'));
  } catch {
    return undefined;
  }
};

/** A key under the master key, as it is stored. The nonce is random and used this once. */
export const wrapKey = (
  master: KeyObject,
  bound: string,
  bytes: Uint8Array,
  nonce: Uint8Array = randomBytes(NONCE_BYTES),
): Buffer => {
  const cipher = createCipheriv(ALGORITHM, master, nonce);
  cipher.setAAD(Buffer.from(bound));
  const wrapped = Buffer.allocUnsafe(WRAPPED_BYTES);
  wrapped.set(nonce);
  wrapped.set(cipher.update(bytes), NONCE_BYTES);
  cipher.final();
  wrapped.set(cipher.getAuthTag(), NONCE_BYTES + KEY_BYTES);
  return wrapped;
};

/** Null: it was not wrapped with this master key, or not for this. */
export const unwrapKey = (master: KeyObject, bound: string, wrapped: Uint8Array): Buffer | null => {
  if (wrapped.length !== WRAPPED_BYTES) return null;
  try {
    const decipher = createDecipheriv(ALGORITHM, master, wrapped.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(bound));
    decipher.setAuthTag(wrapped.subarray(NONCE_BYTES + KEY_BYTES));
    return Buffer.concat([decipher.update(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES)), decipher.final()]);
  } catch {
    return null;
  }
};
