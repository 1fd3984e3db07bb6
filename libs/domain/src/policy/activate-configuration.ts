import * as E from 'fp-ts/Either';
import * as t from 'io-ts';
import { type CommandDefinition, decided } from '../command/definition';
import { type DomainError, domainError } from '../command/errors';
import { Codec, instant, integer } from '../facts/codec';
import { decodeStrict } from '../facts/decode';
import { isRecord, type JsonRecord, record, type RecordOf } from '../facts/structure';
import { configurationCodec, initiative } from './events';
import { configurationFaults } from './configuration-validity';
import { ofPolicy, type PolicyState } from './state';

/** Any object: what is wrong with it is a ConfigInvalid and not a ValidationFailed. The shape is that of the document. */
const draft = new Codec<JsonRecord>(
  'a complete configuration document',
  isRecord,
  (value, context) => (isRecord(value) ? t.success(value) : t.failure(value, context)),
  configurationCodec.shape,
);

const required = { version: integer(1, Number.MAX_SAFE_INTEGER), effectiveFrom: instant, config: draft };
const optional = { initiative };
export type ActivateConfiguration = RecordOf<typeof required, typeof optional>;

const configInvalid = (faults: ReadonlyArray<{ readonly path: string; readonly message: string }>): DomainError =>
  domainError('ConfigInvalid', faults.map(({ path, message }) => `${path} ${message}`).join('; '), {
    path: faults[0]?.path ?? '/config',
    details: { errors: faults.map(({ path, message }) => ({ path, message })) },
  });

/**
 * Puts a complete document in force from `effectiveFrom` (`domain.md §15`). ConfigInvalid names every
 * fault, the first one in `path`; versions follow one another without gaps, and the document carries
 * its own.
 */
export const activateConfiguration: CommandDefinition<ActivateConfiguration, PolicyState> = {
  name: 'ActivateConfiguration',
  input: record(required, optional),
  ...ofPolicy,
  decide: (input) => (state) => {
    const { version } = input;
    if (version !== state.version + 1) {
      return E.left(configInvalid([{ path: '/version', message: `must be ${state.version + 1}, one after the last` }]));
    }
    const document = decodeStrict(configurationCodec, input.config);
    const inConfig = ({ path, message }: { readonly path: string; readonly message: string }) => ({
      path: `/config${path}`,
      message,
    });
    if (E.isLeft(document)) return E.left(configInvalid(document.left.map(inConfig)));
    if (document.right.version !== version) {
      return E.left(configInvalid([{ path: '/config/version', message: `must be ${version}, that of the command` }]));
    }
    const faults = configurationFaults(document.right);
    if (faults.length > 0) return E.left(configInvalid(faults.map(inConfig)));
    return E.right([decided('ConfigurationActivated', { ...input, config: document.right }, [])]);
  },
};
