import * as E from 'fp-ts/Either';
import { type CommandDefinition, type CommandHeader, type Decision, stateOf } from '../command/definition';
import type { DomainError } from '../command/errors';
import { noKnowledge } from '../command/knowledge';
import { POLICY_STREAM } from '../facts/catalogue';
import { type FieldError, shown, under } from '../facts/decode';
import type { Fact } from '../facts/envelope';
import type { NewFact, NewFactOf } from '../facts/stored';
import { activateConfiguration } from './activate-configuration';
import { configurationFaults } from './configuration-validity';
import { reviewPortfolio } from './review-portfolio';
import type { PolicyState } from './state';

/** Facts of the one policy stream: what they say holds for everybody, and nothing takes it back. */
export type PolicyFact = NewFactOf<'ConfigurationActivated'> | NewFactOf<'PortfolioReviewed'>;

export const isPolicyFact = (fact: NewFact): fact is PolicyFact =>
  fact.type === 'ConfigurationActivated' || fact.type === 'PortfolioReviewed';

/** Why a fact about policy is not taken in. */
export interface PolicyRefusal {
  readonly code: 'ConfigInvalid' | 'StaleReview' | 'OccurredInFuture' | 'ValidationFailed';
  /** Paths into the fact: `/data/config/…`. */
  readonly errors: ReadonlyArray<FieldError>;
}

/** What is wrong with the document of a configuration fact, whatever was activated before; none for other facts. */
export const documentFaults = (fact: Pick<Fact, 'type' | 'data'>): ReadonlyArray<FieldError> => {
  if (fact.type !== 'ConfigurationActivated' || !('config' in fact.data)) return [];
  const { config, version } = fact.data;
  const own =
    config.version === version
      ? []
      : [{ path: '/config/version', message: `must be ${version}, that of the fact; got ${config.version}` }];
  return under('/data', [...own, ...under('/config', configurationFaults(config))]);
};

const at = (value: unknown, path: string): unknown =>
  path
    .split('/')
    .slice(1)
    .reduce<unknown>((node, key) => Reflect.get(Object(node), key), value);

/** The command's fields are the fact's payload; the value is named where the command does not. */
const errorsOf = ({ details, path = '', message }: DomainError, data: unknown): ReadonlyArray<FieldError> => {
  const listed = details?.['errors'];
  const errors = Array.isArray(listed) ? (listed as ReadonlyArray<FieldError>) : [{ path, message }];
  return under(
    '/data',
    errors.map((error) =>
      error.message.includes('; got ')
        ? error
        : { ...error, message: `${error.message}; got ${shown(at(data, error.path))}` },
    ),
  );
};

const refused = (error: DomainError, data: unknown): PolicyRefusal => ({
  code: error.code === 'ConfigInvalid' || error.code === 'StaleReview' ? error.code : 'OccurredInFuture',
  errors: errorsOf(error, data),
});

/**
 * Why a fact about policy may not come in after these; null when it may. The rules are those of its command
 * (`domain.md §15`, ActivateConfiguration and ReviewPortfolio): a document that no command would put in force,
 * a version that is not the next one, or a review that is not later than the last or ahead of the clock would
 * bend the judgement of every customer, or keep the next command out for ever.
 *
 * @param earlier the facts of the policy stream
 */
export const policyRefusal = (
  fact: PolicyFact,
  earlier: ReadonlyArray<Fact>,
  { now, configuration }: Pick<CommandHeader, 'now' | 'configuration'>,
): PolicyRefusal | null => {
  if (fact.streamId !== POLICY_STREAM) {
    const message = `must be ${POLICY_STREAM} for ${fact.type}; got ${shown(fact.streamId)}`;
    return { code: 'ValidationFailed', errors: [{ path: '/streamid', message }] };
  }
  const { occurredAt, id: commandId } = fact;
  const actor = { ...fact.actor, roles: [] };
  const context = { commandId, now, occurredAt, actor, configuration, knowledge: noKnowledge };
  const decidedBy = <Input>(definition: CommandDefinition<Input, PolicyState>, data: Input): Decision =>
    definition.decide(data, context)(stateOf(definition, earlier, configuration));
  const decision =
    fact.type === 'ConfigurationActivated'
      ? decidedBy(activateConfiguration, fact.data)
      : decidedBy(reviewPortfolio, fact.data);
  return E.isLeft(decision) ? refused(decision.left, fact.data) : null;
};
