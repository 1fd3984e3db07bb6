import {
  channelTraits,
  contactable,
  type Evidence,
  factFromStored,
  type Fact,
  foldWorkItem,
  type IdentifierHolder,
  type Instant,
  isFactType,
  type Knowledge,
  type Links,
  membersOf,
  type Needs,
  noKnowledge,
  type PartyKnowledge,
  policyAt,
  rootOf,
} from '@afecto/domain';
import type { EventStore } from '@afecto/event-store';
import type { Projections } from '@afecto/projections';
import type { ReadModels } from '@afecto/read-models';

/** Answers what a command must know beyond its stream; `about` are further parties found in its facts. */
export type KnowledgeLoader = (needs: Needs, about: ReadonlyArray<string>, at: Instant) => Promise<Knowledge>;

export {};
