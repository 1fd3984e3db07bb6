import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeNewFile } from '@afecto/event-store';
import * as E from 'fp-ts/Either';
import { codeOf, messageOf } from '../failure';
import { sha256 } from '../merkle/hash';

/** A key or a file with one cannot be used; the message names the file and never shows the key. */
export interface KeyError {
  readonly code: 'InvalidKey';
  readonly message: string;
}

/** With which checkpoints are checked. */
export interface PublicKey {
  /** SPKI in PEM form. */
  readonly pem: string;
  /** The 32 bytes of RFC 8032. */
  readonly bytes: Buffer;
  readonly verifies: (text: string, signature: Uint8Array) => boolean;
}

/** With which checkpoints are signed. */
export interface SigningKey {
  readonly publicKey: PublicKey;
  /** Ed25519 over the UTF-8 bytes of the text, 64 bytes. */
  readonly sign: (text: string) => Buffer;
}

const invalid = (message: string): E.Either<KeyError, never> => E.left({ code: 'InvalidKey', message });

const publicKeyOf = (key: KeyObject): PublicKey => ({
  pem: key.export({ type: 'spki', format: 'pem' }).toString(),
  bytes: Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url'),
  verifies: (text, signature) => verify(null, Buffer.from(text), key, signature),
});

const signingKeyOf = (key: KeyObject): SigningKey => ({
  publicKey: publicKeyOf(createPublicKey(key)),
  sign: (text) => sign(null, Buffer.from(text), key),
});

/** Reads an Ed25519 public key: SPKI in PEM form, or the verifier key of a note (`name+id+base64`). */
export const readPublicKey = (text: string, from: string): E.Either<KeyError, PublicKey> => {
  try {
    const verifierKey = /^[^+\s]+\+[0-9a-f]{8}\+(\S+)$/.exec(text.trim())?.[1];
    const key =
      verifierKey === undefined
        ? createPublicKey(text)
        : createPublicKey({
            key: {
              kty: 'OKP',
              crv: 'Ed25519',
              x: Buffer.from(verifierKey, 'base64').subarray(1).toString('base64url'),
            },
            format: 'jwk',
          });
    if (key.asymmetricKeyType !== 'ed25519')
      return invalid(`${from} holds a key of ${key.asymmetricKeyType ?? 'another kind'}; checkpoints take Ed25519`);
    return E.right(publicKeyOf(key));
  } catch (error) {
    return invalid(`${from} holds no public key in PEM form (${messageOf(error)})`);
  }
};

/** The key in the file; null: there is no such file. */
export const readSigningKey = (file: string): E.Either<KeyError, SigningKey | null> => {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return E.right(null);
    return invalid(`the signing key ${file} cannot be read: ${messageOf(error)}`);
  }
  if (pem === '')
    return invalid(`the signing key ${file} is empty: put the key back, or delete the file and a new key is made`);
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519'
      ? E.right(signingKeyOf(key))
      : invalid(`the signing key ${file} is not an Ed25519 key`);
  } catch {
    return invalid(`the signing key ${file} is no private key in PEM form (PKCS#8)`);
  }
};

/** The key in the file, which is made with mode 0600 when it does not exist. `made`: it was. */
export const signingKeyIn = (
  file: string,
): E.Either<KeyError, { readonly key: SigningKey; readonly made: boolean }> => {
  const kept = readSigningKey(file);
  if (E.isLeft(kept)) return kept;
  if (kept.right !== null) return E.right({ key: kept.right, made: false });
  const { privateKey } = generateKeyPairSync('ed25519');
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeNewFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  } catch (error) {
    // Another process has just made it.
    const theirs = readSigningKey(file);
    if (E.isRight(theirs) && theirs.right !== null) return E.right({ key: theirs.right, made: false });
    return invalid(`the signing key ${file} cannot be made: ${messageOf(error)}`);
  }
  return E.right({ key: signingKeyOf(privateKey), made: true });
};

/** Ed25519 signatures of notes as C2SP signed-note specifies them. */
const SIGNATURE_TYPE = 0x01;
export const KEY_ID_BYTES = 4;

/** SHA-256(key name || 0x0A || 0x01 || public key)[:4], C2SP signed-note. */
export const keyIdOf = (name: string, { bytes }: PublicKey): Buffer =>
  Buffer.from(
    sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([SIGNATURE_TYPE]), bytes])).slice(0, KEY_ID_BYTES),
    'latin1',
  );

/** The public key as verifiers of notes take it: `name+id+base64(0x01 || key)`. */
export const verifierKeyOf = (name: string, key: PublicKey): string =>
  `${name}+${keyIdOf(name, key).toString('hex')}+${Buffer.concat([Buffer.from([SIGNATURE_TYPE]), key.bytes]).toString('base64')}`;
