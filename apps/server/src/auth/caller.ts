import type { ActorKind, CommandActor } from '@afecto/domain';

/** What a request's credentials say; `actor` is who acts unless the request names somebody else. */
export interface Caller {
  readonly actor: CommandActor;
  /** May act as the system, which every command allows (`domain.md §15`, Forbidden). */
  readonly mayBeSystem: boolean;
}

/** The roles of `domain.md §4.7`: on loopback without keys nobody is kept out. */
const allRoles = [
  'front_office',
  'back_office',
  'supervisor',
  'revenue_officer',
  'relationship_manager',
  'privacy_officer',
  'analyst',
];

/** Who sends facts: a key that may act as the system may tell everything, any other what its roles allow. */
export const senderOf = ({ actor, mayBeSystem }: Caller): CommandActor =>
  mayBeSystem ? { ...actor, kind: 'system' } : actor;

export const localCaller: Caller = {
  actor: { kind: 'agent', id: 'local', roles: allRoles },
  mayBeSystem: true,
};

/** Role of a key whose holder may send `Afecto-Actor: system:…`. */
export const SYSTEM_ROLE = 'system';

export const actorKinds = ['agent', 'customer', 'system', 'integration'] as const satisfies ReadonlyArray<ActorKind>;
