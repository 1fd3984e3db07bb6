import { compareFacts, type Fact } from '../facts/envelope';
import { type Configuration, defaultConfiguration } from '../policy/configuration';
import { MINUTE_MS, toIso } from '../time/calendar';
import type { CommandActor, CommandHeader } from './definition';
import { type DomainError, domainError } from './errors';
import { type Knowledge, rootOf } from './knowledge';

/** Latest instant that a command may say it happened at (`domain.md §15`: now + 5 min). */
export const latestOccurrence = ({ now, configuration }: Pick<CommandHeader, 'now' | 'configuration'>): number =>
  now + configuration.commands.futureToleranceMinutes * MINUTE_MS;

/** OccurredInFuture for an instant of the body or of the header later than the clock allows. */
export const guardNotFuture = (
  at: number,
  header: Pick<CommandHeader, 'now' | 'configuration'>,
  path = '/occurredAt',
): DomainError | null =>
  at > latestOccurrence(header)
    ? domainError('OccurredInFuture', `${toIso(at)} lies ahead of the clock ${toIso(header.now)}`, { path })
    : null;

export const hasRole = (actor: Pick<CommandActor, 'roles'>, ...roles: ReadonlyArray<string>): boolean =>
  roles.some((role) => actor.roles.includes(role));

const permittedIn = (
  { commands: { permissions } }: Pick<Configuration, 'commands'>,
  name: string,
): ReadonlyArray<string> | undefined => (Object.hasOwn(permissions, name) ? permissions[name] : undefined);

/** The roles of which one is needed for a command; null: it is open to everybody. */
export const rolesFor = (configuration: Pick<Configuration, 'commands'>, name: string): ReadonlyArray<string> | null =>
  // A document from before there was the command does not open it to everybody.
  permittedIn(configuration, name) ?? permittedIn(defaultConfiguration, name) ?? null;

/** Forbidden unless the actor has one of the roles that the configuration asks for; the system itself may do all. */
const guardPermission = (name: string, { actor, configuration }: CommandHeader): DomainError | null => {
  const allowed = rolesFor(configuration, name);
  if (allowed === null || actor.kind === 'system' || hasRole(actor, ...allowed)) return null;
  return domainError('Forbidden', `${name} needs one of the roles ${allowed.join(', ')}`, {
    details: { roles: [...allowed] },
  });
};

/** The generic rules of `domain.md §15` that need nothing but the header. */
export const guardHeader = (name: string, header: CommandHeader): DomainError | null =>
  guardPermission(name, header) ?? guardNotFuture(header.occurredAt, header);

/**
 * InvalidInterval for what is said to have happened before what it goes on from; the clock's now always goes on.
 * Of one instant is before whatever folds before: `next` is the key of what is decided, absent when it is not known.
 */
export const guardOrder = (
  { occurredAt, now }: Pick<CommandHeader, 'occurredAt' | 'now'>,
  last: Fact | null,
  next?: Pick<Fact, 'source' | 'id'>,
): DomainError | null => {
  if (last === null || occurredAt >= now) return null;
  const { source, id } = next ?? last;
  return compareFacts({ occurredAt, source, id }, last) < 0
    ? domainError('InvalidInterval', `it goes on from what happened at ${toIso(last.occurredAt)}`, {
        path: '/occurredAt',
      })
    : null;
};

const isErased = (knowledge: Knowledge, partyId: string): boolean =>
  knowledge.parties.get(partyId)?.status === 'erased' ||
  knowledge.parties.get(rootOf(knowledge, partyId))?.status === 'erased';

const isUnknown = (knowledge: Knowledge, partyId: string): boolean =>
  (knowledge.parties.get(partyId)?.status ?? 'unknown') === 'unknown';

export const partyErased = (partyId: string): DomainError =>
  domainError('PartyErased', `the personal data of party ${partyId} is erased`, { details: { partyId } });

/**
 * PartyNotFound for a named party without any fact, PartyErased for a named one or one that the
 * stream is about. A stream's party needs no look-up to exist: its facts are there.
 */
export const guardParties = (
  knowledge: Knowledge,
  named: ReadonlyArray<string>,
  ofStream: ReadonlyArray<string>,
  mayBeErased = false,
): DomainError | null => {
  const unknown = named.find((partyId) => isUnknown(knowledge, partyId));
  if (unknown !== undefined) {
    return domainError('PartyNotFound', `party ${unknown} is unknown`, { details: { partyId: unknown } });
  }
  if (mayBeErased) return null;
  const erased = [...named, ...ofStream].find((partyId) => isErased(knowledge, partyId));
  return erased === undefined ? null : partyErased(erased);
};
