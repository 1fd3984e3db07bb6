import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/Either';
import { leafHash } from '../merkle/hash';
import { expectRight } from '../testing/given-log';
import { isSignedBy, joinNotes, originOf, readCheckpoint, signCheckpoint, splitNotes } from './checkpoint';
import { readPublicKey, readSigningKey, signingKeyIn, verifierKeyOf } from './keys';

const folder = mkdtempSync(join(tmpdir(), 'afecto-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);
const key = expectRight(signingKeyIn(file('key.pem'))).key;
const checkpoint = {
  origin: originOf('9e362f7c-6615-5999-8d50-efed8c7db580'),
  size: 5,
  root: leafHash(Buffer.from('x')),
  at: Date.UTC(2025, 2, 10, 12),
  position: 7n,
};
const note = signCheckpoint(checkpoint, key);

describe('a checkpoint', () => {
  it('is a signed note of a transparency log, and is read as it was written', () => {
    expect(note).toMatch(
      /^afecto\/9e362f7c-\S+\n5\n[\w+/]{43}=\ntime 2025-03-10T12:00:00\.000Z\nposition 7\n\n— afecto\/9e362f7c-\S+ [\w+/]+=*\n$/,
    );
    const read = expectRight(readCheckpoint(note));
    expect(read.checkpoint).toEqual(checkpoint);
    expect(isSignedBy(read, key.publicKey)).toBe(true);
  });

  it('with any change, or under another key, is not signed', () => {
    const other = expectRight(signingKeyIn(file('other.pem'))).key;
    expect(isSignedBy(expectRight(readCheckpoint(note)), other.publicKey)).toBe(false);
    for (const changed of [
      note.replace('\n5\n', '\n6\n'),
      note.replace('position 7', 'position 8'),
      note.replace('12:00:00', '12:00:01'),
      note.replaceAll('9e362f7c', '9e362f7d'),
    ])
      expect(isSignedBy(expectRight(readCheckpoint(changed)), key.publicKey)).toBe(false);
  });

  it.each([
    ['without a signature', note.split('\n\n')[0] ?? ''],
    ['with a size that is none', note.replace('\n5\n', '\n05\n')],
    ['with a root of another length', note.replace(/\n[\w+/]{43}=\n/, '\nAAAA\n')],
    ['without its time', note.replace(/time .*\n/, '')],
    ['with a line that is no signature', `${note}hello\n`],
  ])('%s is refused', (_, text) => {
    expect(readCheckpoint(text)).toMatchObject({ left: { code: 'InvalidCheckpoint' } });
  });

  it('is found again among others in one file', () => {
    const notes = [note, signCheckpoint({ ...checkpoint, size: 6 }, key), note];
    expect(splitNotes(joinNotes(notes))).toEqual(notes);
    expect(splitNotes(note)).toEqual([note]);
  });
});

describe('the signing key', () => {
  it('is made once, and nobody else may read it', () => {
    expect(statSync(file('key.pem')).mode & 0o777).toBe(0o600);
    const again = expectRight(signingKeyIn(file('key.pem')));
    expect({ made: again.made, pem: again.key.publicKey.pem }).toEqual({ made: false, pem: key.publicKey.pem });
    expect(readSigningKey(file('absent.pem'))).toEqual(E.right(null));
  });

  it('is read as PEM and as verifiers of notes take it', () => {
    const { pem, bytes } = key.publicKey;
    expect(expectRight(readPublicKey(pem, 'x')).bytes.equals(bytes)).toBe(true);
    expect(expectRight(readPublicKey(verifierKeyOf('afecto/1', key.publicKey), 'x')).pem).toBe(pem);
  });

  it('of another kind, or none at all, is refused with the name of the file', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    writeFileSync(file('ec.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    writeFileSync(file('text.pem'), 'secret words');
    writeFileSync(file('empty.pem'), '');
    expect(signingKeyIn(file('empty.pem'))).toMatchObject({ left: { message: expect.stringContaining('delete') } });
    for (const name of ['ec.pem', 'text.pem']) {
      const refused = signingKeyIn(file(name));
      expect(refused).toMatchObject({ left: { message: expect.stringContaining(name) } });
      expect(JSON.stringify(refused)).not.toContain('secret words');
    }
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    expect(readPublicKey(pem, 'ec.pem')).toMatchObject({ left: { message: expect.stringContaining('Ed25519') } });
  });
});
