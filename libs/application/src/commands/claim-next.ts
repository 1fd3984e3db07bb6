import { randomUUID } from 'node:crypto';
import {
  type CommandActor,
  type Configuration,
  domainError,
  type DomainError,
  eventIdOf,
  factFromStored,
  factKeyOf,
  type Instant,
  namedAgentWaitMs,
  type QueueId,
  workItemStream,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { ReadModels } from '@afecto/read-models';
import * as E from 'fp-ts/Either';
import { chooseInTurn } from './claim-turn';
import { COMMAND_SOURCE, type CommandCall, type CommandExecutor, type CommandFailure } from './executor';
import { oneByOne } from './one-by-one';
import type { OpenWork } from './open-work';

export interface ClaimCall {
  readonly queue: QueueId | 'all';
  readonly agentId: string;
  readonly skills: ReadonlyArray<string>;
  readonly actor: CommandActor;
  /** Idempotency key; the same one again gives the item it claimed before. */
  readonly commandId?: string;
}

export interface Claimed {
  readonly itemId: string;
  readonly queue: QueueId;
  readonly partyId: string;
  readonly slot: 'priority' | 'fifo';
  readonly position: bigint;
}

/** The best claimable item for an agent, claimed (`domain.md §11.6`); null when nothing is claimable. */
export type ClaimNext = (call: ClaimCall) => Promise<E.Either<CommandFailure, Claimed | null>>;

export interface ClaimNextOptions {
  readonly commands: CommandExecutor;
  readonly store: EventStore;
  readonly readModels: ReadModels;
  readonly openWork: OpenWork;
  readonly configuration: () => Configuration;
  readonly now: () => Instant;
  readonly upToDate: () => Promise<void>;
}

/** Somebody else was faster: choose again, at most this often. */
const ATTEMPTS = 5;
const LOST_RACES: ReadonlySet<string> = new Set([
  'AlreadyClaimed',
  'ItemNotOpen',
  'ItemSuppressed',
  'ConcurrencyConflict',
]);

/** Every attempt is a command of its own. */
const keyOf = (key: string, attempt: number): string => (attempt === 0 ? key : `${key}:${attempt}`);

export const createClaimNext = ({
  commands,
  store,
  readModels,
  openWork,
  configuration,
  now,
  upToDate,
}: ClaimNextOptions): ClaimNext => {
  /** What this key claimed before; null when nothing. */
  const claimedBefore = async (
    key: string,
    said: Pick<ClaimCall, 'queue' | 'agentId' | 'skills'>,
    call: Pick<CommandCall, 'name' | 'actor'>,
  ): Promise<E.Either<DomainError, Claimed> | null> => {
    // Asked together: a log on another machine is one way off, not five.
    const attempts = Array.from({ length: ATTEMPTS }, (_, attempt) =>
      store.findById(eventIdOf(COMMAND_SOURCE, factKeyOf(keyOf(key, attempt), 0))),
    );
    for (const [attempt, event] of (await Promise.all(attempts)).entries()) {
      const fact = event?.type === 'WorkItemClaimed' ? factFromStored(event) : null;
      if (event === null || fact?.type !== 'WorkItemClaimed') continue;
      const { itemId, queue: of, partyId, slot } = fact.data;
      const commandId = keyOf(key, attempt);
      const earlier = await commands.earlier({ ...call, body: said, commandId });
      const claimed = E.right({ itemId, queue: of, partyId, slot, position: event.position });
      if (earlier === null || E.isRight(earlier)) return claimed;
      // Older logs have what was chosen, not what was asked.
      const { queue: asked, ...who } = said;
      const older = await commands.earlier({ ...call, body: { itemId, slot, ...who }, commandId });
      return (asked === 'all' || asked === of) && older !== null && E.isRight(older) ? claimed : earlier;
    }
    return null;
  };

  const run: ClaimNext = async ({ queue: wanted, agentId, skills, actor, commandId }) => {
    const key = commandId ?? randomUUID();
    const call = { name: 'ClaimWorkItem', actor };
    const said = { queue: wanted, agentId, skills };
    const before = commandId === undefined ? null : await claimedBefore(commandId, said, call);
    if (before !== null) return before;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await upToDate();
      const at = now();
      const policy = configuration();
      const loadOf = await openWork.loadAt(at);
      const choice = chooseInTurn(
        await openWork.candidates(wanted, at, namedAgentWaitMs(policy)),
        {
          wanted,
          claims: await readModels.claimCounts(),
          agentId,
          skills: [...skills, ...actor.roles],
          wip: loadOf(agentId).held,
          now: at,
        },
        policy,
        loadOf,
      );
      if (E.isLeft(choice))
        return E.left(
          domainError('WipLimit', `agent ${agentId} holds ${choice.left.limit} items, which is the limit`, {
            details: { limit: choice.left.limit },
          }),
        );
      if (choice.right === null) return E.right(null);
      const { item, slot } = choice.right;
      const outcome = await commands.execute({
        ...call,
        said,
        body: { itemId: item.itemId, agentId, skills, slot },
        commandId: keyOf(key, attempt),
      });
      if (E.isRight(outcome)) {
        const { events, position } = outcome.right;
        const [claim] = events;
        // Another server on the same log gave it to the agent under another key.
        if (claim === undefined) continue;
        if (claim.streamId === workItemStream(item.itemId))
          return E.right({ itemId: item.itemId, queue: item.queue, partyId: item.partyId, slot, position });
        // Or it carried out this very call, with an item of its own choice.
        const chosen = await claimedBefore(key, said, call);
        if (chosen !== null) return chosen;
      } else if (!LOST_RACES.has(outcome.left.code)) return outcome;
    }
    return E.left(domainError('AlreadyClaimed', `other agents were faster ${ATTEMPTS} times; try again`));
  };

  return oneByOne(run);
};
