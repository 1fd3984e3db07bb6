import { readFile } from 'node:fs/promises';
import { type Configuration, configurationCodec, configurationFaults, decodeStrict, shown } from '@afecto/domain';
import * as E from 'fp-ts/Either';

/** The value at a JSON Pointer; undefined where there is none. */
const valueAt = (document: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined,
      document,
    );

/** A fault with the value that is wrong, when the message does not say it itself. */
const faultText = (
  document: unknown,
  { path, message }: { readonly path: string; readonly message: string },
): string => {
  const value = valueAt(document, path);
  const isNamed = value === undefined || /; got |the sum is /.test(message);
  return `  ${path === '' ? 'the document' : path} ${message}${isNamed ? '' : `; got ${shown(value)}`}`;
};

/**
 * A configuration document from a file, checked as `ActivateConfiguration` checks one. Left: a message
 * that names every field that is wrong, its value and what is allowed.
 */
export const readConfiguration = async (file: string): Promise<E.Either<string, Configuration>> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return E.left(`${file} cannot be read: ${error.message}`);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return E.left(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const decoded = decodeStrict(configurationCodec, document);
  const faults = E.isLeft(decoded) ? decoded.left : configurationFaults(decoded.right);
  if (E.isRight(decoded) && faults.length === 0) return decoded;
  return E.left(
    [`${file} is no configuration that could be activated:`, ...faults.map((fault) => faultText(document, fault))].join(
      '\n',
    ),
  );
};
